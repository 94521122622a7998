-- Notes in a warm inbox that its viewer's relations have changed.
-- KEYS[1]  inbox     ARGV[1]  new value of the header's relations (8 bytes)
-- Returns what the inbox covers (8 bytes); '' for a cold one, and for what is none.
local covered = redis.pcall('GETRANGE', KEYS[1], '24', '31')
if type(covered) ~= 'string' or #covered < 8 then return '' end
redis.call('SETRANGE', KEYS[1], '8', ARGV[1])
return covered
