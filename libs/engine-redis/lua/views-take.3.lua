-- Sets a bucket aside for a flush, in one piece.
-- KEYS[1]  the bucket     KEYS[2]  what is set aside: the bucket of the last flush, until that is finished
-- KEYS[3]  the last flush id: microseconds of this server's clock, always growing
-- Returns 1, or 0 when something is set aside already or there is nothing to take.
if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local time = redis.call('TIME')
local id = math.max(time[1] * 1000000 + time[2], 1 + (redis.call('GET', KEYS[3]) or 0))
redis.call('SET', KEYS[3], string.format('%.0f', id))
redis.call('RENAME', KEYS[1], KEYS[2])
return 1
