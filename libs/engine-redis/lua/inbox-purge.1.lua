-- Removes all entries of one author, unless the inbox' relations or what it covers have changed since they were seen.
-- KEYS[1]  inbox     ARGV[1]  author id     ARGV[2]  relations seen     ARGV[3]  covered seen (8 bytes each)
local call, sub = redis.call, string.sub
local HEADER, ENTRY = 48, 16
local NONE = '\0\0\0\0\0\0\0\0'
local BUILDING = '\255\255\255\255\255\255\255\255'
local value = call('GETRANGE', KEYS[1], '0', '-1')
if sub(value, 9, 16) ~= ARGV[2] or sub(value, 25, 32) ~= ARGV[3] then return end
local kept, count = {}, 0
for at = HEADER + 1, #value, ENTRY do
  if sub(value, at + 8, at + 15) ~= ARGV[1] then
    count = count + 1
    kept[count] = sub(value, at, at + ENTRY - 1)
  end
end
if HEADER + count * ENTRY >= #value then return end
local ttl = call('PTTL', KEYS[1])
call('DEL', KEYS[1])
local floor = sub(value, 1, 8)
local beforeFirst = floor == BUILDING and NONE or floor
call('SETRANGE', KEYS[1], '0', sub(value, 1, 32) .. beforeFirst .. sub(value, 41, HEADER) .. table.concat(kept))
if ttl > 0 then call('PEXPIRE', KEYS[1], ttl) end
