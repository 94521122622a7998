-- A part of what is set aside.
-- KEYS[1]  what is set aside     KEYS[2]  the last flush id
-- ARGV[1]  the flush id that the cursor belongs to; '' to begin     ARGV[2]  cursor     ARGV[3]  about how many posts
-- ARGV[4]  milliseconds that it must have been set aside for
-- Returns flush id, next cursor ('0' after the last part), then posts and views in turn; nothing when nothing is set
-- aside, when that was not so long ago, or when another flush is. A post may come twice.
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local id = redis.call('GET', KEYS[2])
if ARGV[1] ~= '' and ARGV[1] ~= id then return {} end
local time = redis.call('TIME')
if time[1] * 1000000 + time[2] - id < ARGV[4] * 1000 then return {} end
local part = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
table.insert(part[2], 1, part[1])
table.insert(part[2], 1, id)
return part[2]
