-- Gives leases back without a value, those that are still held.
-- KEYS     records (see cache-acquire)     ARGV  the token for each key
for i, key in ipairs(KEYS) do
  if redis.call('GETRANGE', key, 25, 40) == ARGV[i] then redis.call('SETRANGE', key, 25, '----------------') end
end
