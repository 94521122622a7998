-- Appends an event to the post bus, a stream, and lets go of what is too old. An event with a name is appended once.
-- KEYS[1]  stream     KEYS[2]  epoch: names the stream's life, so that positions of a lost one are recognised
-- KEYS[3]  mark of a named event (not used when ARGV[3] is '0')
-- ARGV[1]  field     ARGV[2]  value     ARGV[3]  how long the name is remembered after it was last heard (ms)
-- ARGV[4]  how far back positions stay good (ms)
local call = redis.call
if ARGV[3] ~= '0' and not call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[3]) then
  call('PEXPIRE', KEYS[3], ARGV[3])
  return
end
local now = call('TIME')
if call('EXISTS', KEYS[1], KEYS[2]) < 2 then
  -- A new life; its first entry is no event, and gives the stream a head.
  call('DEL', KEYS[1])
  call('SET', KEYS[2], string.format('%x', now[1] * 1000000 + now[2]))
  call('XADD', KEYS[1], '*', 'begin', '')
end
-- Whoever was up to date at that time stood at the newest entry before it: that one stays, too. The oldest entry is looked
-- at first: where there is nothing before a time, XREVRANGE walks the whole stream to find that out.
local reached = now[1] * 1000 + math.floor(now[2] / 1000) - ARGV[4]
local oldest = call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if oldest and tonumber(string.match(oldest[1], '^%d+')) <= reached then
  local stood = call('XREVRANGE', KEYS[1], string.format('%d', reached), '-', 'COUNT', 1)[1]
  call('XTRIM', KEYS[1], 'MINID', '~', stood[1])
end
call('XADD', KEYS[1], '*', ARGV[1], ARGV[2])
