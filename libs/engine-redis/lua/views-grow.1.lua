-- Makes more buckets.
-- KEYS[1]  how many there are     ARGV[1]  how many there shall be at least
if (tonumber(redis.call('GET', KEYS[1])) or 0) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
