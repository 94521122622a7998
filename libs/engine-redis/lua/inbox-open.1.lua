-- Makes a cold inbox warm and empty, under construction; leaves a warm one as it is.
-- KEYS[1]  inbox     ARGV[1]  header of a new inbox (48 bytes)     ARGV[2]  idle time in milliseconds
-- Returns the header it has now.
local header = redis.call('GETRANGE', KEYS[1], '0', '47')
if header ~= '' then return header end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
