-- Forgets what is set aside, if it still is that of the flush.
-- KEYS[1]  what is set aside     KEYS[2]  the last flush id     ARGV[1]  flush id
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
