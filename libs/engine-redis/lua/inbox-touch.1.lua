-- Notes in a warm inbox that its viewer's relations have changed.
-- KEYS[1]  inbox     ARGV[1]  new value of the header's relations (8 bytes)
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SETRANGE', KEYS[1], '8', ARGV[1]) end
