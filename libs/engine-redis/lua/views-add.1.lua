-- Adds views to a bucket.
-- KEYS[1]  the bucket: a hash, post id (8 bytes) -> views
-- ARGV[1]  gains, 12 bytes each: post id (8), views (4, big-endian)
-- ARGV[2]  how many posts a bucket may hold: more are not taken in while nobody flushes
-- Returns how many gains were not taken in.
local left = 0
local room = tonumber(ARGV[2]) - redis.call('HLEN', KEYS[1])
for at = 1, #ARGV[1], 12 do
  local id = string.sub(ARGV[1], at, at + 7)
  if room > 0 or redis.call('HEXISTS', KEYS[1], id) == 1 then
    room = room - 1
    redis.call('HINCRBY', KEYS[1], id, (struct.unpack('>I4', ARGV[1], at + 8)))
  else
    left = left + 1
  end
end
return left
