-- What waits of some posts in one bucket.
-- KEYS[1]  the bucket     KEYS[2]  what is set aside of it     ARGV  post ids (8 bytes)
-- Returns the views of each.
local added = redis.call('HMGET', KEYS[1], unpack(ARGV))
local aside = redis.call('HMGET', KEYS[2], unpack(ARGV))
local views = {}
for i = 1, #ARGV do views[i] = (added[i] or 0) + (aside[i] or 0) end
return views
