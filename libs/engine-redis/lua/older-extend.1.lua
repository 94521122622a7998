-- Appends a stretch to a viewer's older segment, or starts the segment anew with it.
-- KEYS[1]  older segment: header (low, high, epoch, covered: 8 bytes each), entries newest first
-- ARGV[1]  the stretch's header     ARGV[2]  its entries     ARGV[3]  life time in milliseconds     ARGV[4]  bytes at most
local call, sub = redis.call, string.sub
local HEADER, ENTRY = 32, 16
local key, stretch, entries = KEYS[1], ARGV[1], ARGV[2]
local header = call('GETRANGE', key, '0', HEADER - 1)
local goesOn = header ~= '' and sub(header, 1, 8) == sub(stretch, 9, 16) and sub(header, 17) == sub(stretch, 17)
if not goesOn or call('STRLEN', key) + #entries > tonumber(ARGV[4]) then
  call('SET', key, stretch .. entries, 'PX', ARGV[3])
  return
end
call('APPEND', key, entries)
call('SETRANGE', key, '0', sub(stretch, 1, 8))
call('PEXPIRE', key, ARGV[3])
