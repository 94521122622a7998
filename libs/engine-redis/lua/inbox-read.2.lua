-- Reads the newest entries below a position, and on from the older segment where the inbox ends.
-- KEYS[1]  inbox     KEYS[2]  older segment
-- ARGV[1]  position (8 bytes): only smaller ids     ARGV[2]  how many     ARGV[3]  idle time in milliseconds
-- Returns { header, entries (oldest first) } or, where the floor was reached, with { segment's header, its entries
-- (newest first) } after them; nothing for a cold inbox; { '' } for what was none (another type, or cut off) and has been
-- dropped.
local call, try, unpack = redis.call, redis.pcall, struct.unpack
local HEADER, OLDER_HEADER, ENTRY = 48, 32, 16
local NONE = '\0\0\0\0\0\0\0\0'
local BUILDING = '\255\255\255\255\255\255\255\255'
local inbox, older = KEYS[1], KEYS[2]
local limit, idleMs = tonumber(ARGV[2]), tonumber(ARGV[3])

local header = try('GETRANGE', inbox, '0', HEADER - 1)
if header == '' then return {} end
local bytes = type(header) == 'string' and call('STRLEN', inbox) or 0
if bytes < HEADER or bytes % ENTRY ~= 0 then
  call('DEL', inbox)
  return { '' }
end
-- Renewed now and then only, so that most reads write nothing.
if call('PTTL', inbox) < idleMs * 0.9 then call('PEXPIRE', inbox, idleMs) end

local function precedes(key, at, hi, lo)
  local h, l = unpack('>I4I4', call('GETRANGE', key, at, at + 7))
  return h < hi or (h == hi and l < lo)
end

-- How many of the entries [0, count) come before the first for which `wanted` fails.
local function bisect(count, wanted)
  local from, to = 0, count
  while from < to do
    local middle = math.floor((from + to) / 2)
    if wanted(middle) then from = middle + 1 else to = middle end
  end
  return from
end

local hi, lo = unpack('>I4I4', ARGV[1])
local count = (bytes - HEADER) / ENTRY
local last = count
if count > 0 and not precedes(inbox, HEADER + (count - 1) * ENTRY, hi, lo) then
  last = bisect(count, function(i) return precedes(inbox, HEADER + i * ENTRY, hi, lo) end)
end
local first = math.max(0, last - limit)
local entries = ''
if last > first then entries = call('GETRANGE', inbox, HEADER + first * ENTRY, HEADER + last * ENTRY - 1) end

local floor = string.sub(header, 1, 8)
local missing = limit - (last - first)
if missing == 0 or floor == NONE or floor == BUILDING then return { header, entries } end
local segment = try('GETRANGE', older, '0', OLDER_HEADER - 1)
if segment == '' then return { header, entries } end
bytes = type(segment) == 'string' and call('STRLEN', older) or 0
if bytes < OLDER_HEADER or bytes % ENTRY ~= 0 then
  call('DEL', older)
  return { header, entries }
end
-- Go on below the position, and not above the floor.
local fhi, flo = unpack('>I4I4', floor)
flo = flo + 1
if flo == 4294967296 then fhi, flo = fhi + 1, 0 end
if fhi < hi or (fhi == hi and flo < lo) then hi, lo = fhi, flo end
count = (bytes - OLDER_HEADER) / ENTRY
first = bisect(count, function(i) return not precedes(older, OLDER_HEADER + i * ENTRY, hi, lo) end)
last = math.min(count, first + missing)
if last == first then return { header, entries, segment, '' } end
return { header, entries, segment, call('GETRANGE', older, OLDER_HEADER + first * ENTRY, OLDER_HEADER + last * ENTRY - 1) }
