-- Merges entries into a warm inbox, and notes what it covers now.
-- KEYS[1]  inbox
-- ARGV[1]  entries, oldest first     ARGV[2]  floor of a built inbox (8 bytes), or '' to keep the present one
-- ARGV[3]  covered (8 bytes)     ARGV[4]  coveredAt (8 bytes)     ARGV[5]  bytes at most     ARGV[6]  bytes trimmed to
-- Returns 1, or 0 when the inbox is cold, or under construction by somebody else.
local call, sub, unpack = redis.call, string.sub, struct.unpack
local HEADER, ENTRY = 48, 16
local BUILDING = '\255\255\255\255\255\255\255\255'
local key, incoming = KEYS[1], ARGV[1]
local value = call('GETRANGE', key, '0', '-1')
if value == '' then return 0 end

local floor = sub(value, 1, 8)
if floor == BUILDING then
  if ARGV[2] == '' then return 0 end
  floor = ARGV[2]
end
local fhi, flo = unpack('>I4I4', floor)

local merged, count = {}, 0
local function take(text, at)
  local hi, lo = unpack('>I4I4', text, at)
  if hi > fhi or (hi == fhi and lo > flo) then
    count = count + 1
    merged[count] = sub(text, at, at + ENTRY - 1)
  end
end

local a, aEnd, b, bEnd = HEADER + 1, #value, 1, #incoming
while a < aEnd or b < bEnd do
  if b >= bEnd then
    take(value, a)
    a = a + ENTRY
  elseif a >= aEnd then
    take(incoming, b)
    b = b + ENTRY
  else
    local ahi, alo = unpack('>I4I4', value, a)
    local bhi, blo = unpack('>I4I4', incoming, b)
    if ahi < bhi or (ahi == bhi and alo < blo) then
      take(value, a)
      a = a + ENTRY
    else
      if ahi == bhi and alo == blo then a = a + ENTRY end
      take(incoming, b)
      b = b + ENTRY
    end
  end
end

local first = 1
if HEADER + count * ENTRY > tonumber(ARGV[5]) then
  first = count - (tonumber(ARGV[6]) - HEADER) / ENTRY + 1
  floor = sub(merged[first - 1], 1, 8)
end
local ttl = call('PTTL', key)
call('DEL', key)
local header = floor .. sub(value, 9, 24) .. ARGV[3] .. floor .. ARGV[4]
call('SETRANGE', key, '0', header .. table.concat(merged, '', first, count))
if ttl > 0 then call('PEXPIRE', key, ttl) end
return 1
