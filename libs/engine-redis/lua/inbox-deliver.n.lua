-- Puts one entry into every inbox that is warm, in id order, once.
-- KEYS     the inboxes; or none: then their names are ARGV[4] followed by the ids in ARGV[5], which only a single
--          Redis allows (on a cluster, an undeclared key looks missing while its slot moves)
-- ARGV[1]  the entry (16 bytes: post id, author id)
-- ARGV[2]  bytes above which an inbox is trimmed     ARGV[3]  bytes it is trimmed to
-- ARGV[4]  key prefix     ARGV[5]  viewer ids, 8 bytes each
-- Returns how many inboxes took it, and how many were none (another type, or cut off) and have been dropped: cold, they are
-- built anew when they are read.
local call, try, sub, unpack = redis.call, redis.pcall, string.sub, struct.unpack
local HEADER, ENTRY = 48, 16
local BUILDING = '\255\255\255\255\255\255\255\255'
local entry = ARGV[1]
local bytesMax, bytesKept = tonumber(ARGV[2]), tonumber(ARGV[3])
local id = sub(entry, 1, 8)
local hi, lo = unpack('>I4I4', entry)
local order = unpack('>d', entry) -- big-endian doubles are in the order of their bits, and compared by one instruction
local dropped = 0

local function drop(key)
  call('DEL', key)
  dropped = dropped + 1
end

-- What is kept goes into a fresh string: APPEND doubles a full one, a new one gets an allocation with a little room. It is
-- written from the entry before the first that is kept, whose id becomes the floor, and the header over that entry: so the
-- entries are copied in and out of Lua once, and never joined here.
local function trim(key, bytes)
  local kept = call('GETRANGE', key, bytes - bytesKept + HEADER - ENTRY, '-1')
  local header = call('GETRANGE', key, '0', HEADER - 1)
  local ttl = call('PTTL', key)
  call('DEL', key)
  if sub(header, 1, 8) == BUILDING then return end -- whoever builds it would not know of what was dropped
  call('SETRANGE', key, HEADER - ENTRY, kept)
  call('SETRANGE', key, '0', sub(kept, 1, 8) .. sub(header, 9))
  if ttl > 0 then call('PEXPIRE', key, ttl) end
end

local function isBefore(key, index)
  local h, l = unpack('>I4I4', call('GETRANGE', key, HEADER + index * ENTRY, HEADER + index * ENTRY + 7))
  return h < hi or (h == hi and l < lo)
end

-- Out of order: the place is found by bisection. False when the inbox has the entry, or ends above it.
local function insert(key, bytes)
  local floor = call('GETRANGE', key, '0', '7')
  if floor ~= BUILDING then
    local fhi, flo = unpack('>I4I4', floor)
    if hi < fhi or (hi == fhi and lo <= flo) then
      -- A new epoch: older segments do not have the post. Epochs are never used again, they count on.
      local ehi, elo = unpack('>I4I4', call('GETRANGE', key, '16', '23'))
      elo = elo + 1
      if elo == 4294967296 then ehi, elo = ehi + 1, 0 end
      call('SETRANGE', key, '16', struct.pack('>I4I4', ehi, elo))
      return false
    end
  end
  local from, to = 0, (bytes - HEADER) / ENTRY
  while from < to do
    local middle = math.floor((from + to) / 2)
    if isBefore(key, middle) then from = middle + 1 else to = middle end
  end
  local at = HEADER + from * ENTRY
  local rest = call('GETRANGE', key, at, -1)
  if sub(rest, 1, 8) == id then return false end
  bytes = call('SETRANGE', key, at, entry .. rest)
  if bytes > bytesMax then trim(key, bytes) end
  return true
end

local declared, prefix, viewers = #KEYS > 0, ARGV[4], ARGV[5]
local taken = 0
for i = 1, declared and #KEYS or #viewers / 8 do
  local key = declared and KEYS[i] or prefix .. sub(viewers, i * 8 - 7, i * 8)
  -- The last id; of an empty inbox the one in its header; of a cold one nothing.
  local last = try('GETRANGE', key, '-16', '-9')
  if type(last) == 'table' or (last ~= '' and #last < 8) then
    drop(key)
  elseif last ~= '' then
    local newest = unpack('>d', last) < order
    local bytes = newest and call('APPEND', key, entry) - ENTRY or call('STRLEN', key)
    if bytes < HEADER or bytes % ENTRY ~= 0 then
      drop(key)
    elseif newest then
      if bytes + ENTRY > bytesMax then trim(key, bytes + ENTRY) end
      taken = taken + 1
    elseif insert(key, bytes) then
      taken = taken + 1
    end
  end
end
return { taken, dropped }
