-- Drops values and voids leases: what was loaded before this can't be filled any more.
-- KEYS     records (see cache-acquire)     ARGV[1]  how long the invalidation itself is remembered (ms)
-- Returns the new version of each key.
local call = redis.call
local time = call('TIME')
local nowUs = time[1] * 1000000 + time[2]
local versions = {}
for i, key in ipairs(KEYS) do
  local header = call('GETRANGE', key, 0, 47)
  local version = nowUs
  if header ~= '' then
    local kind, old = struct.unpack('>c1d', header)
    version = math.max(old + 1, nowUs)
  end
  call('SET', key, struct.pack('>c1dddc16d', 'T', version, version, 0, '----------------', 0), 'PX', ARGV[1])
  versions[i] = version
end
return versions
