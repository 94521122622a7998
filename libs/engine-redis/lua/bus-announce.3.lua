-- Appends an event to the post bus, a stream, and lets go of what is too old. An event with a name is appended once.
-- KEYS[1]  stream     KEYS[2]  epoch: names the stream's life, so that positions of a lost one are recognised
-- KEYS[3]  mark of a named event (not used when ARGV[4] is '0')
-- ARGV[1]  field     ARGV[2]  value     ARGV[3]  epoch to begin with     ARGV[4]  how long the name is remembered (ms)
-- ARGV[5]  how long events are kept (ms)
local call = redis.call
if ARGV[4] ~= '0' and not call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[4]) then return end
call('SET', KEYS[2], ARGV[3], 'NX')
local now = call('TIME')
local oldest = string.format('%d', now[1] * 1000 - ARGV[5])
call('XADD', KEYS[1], 'MINID', '~', oldest, '*', ARGV[1], ARGV[2])
