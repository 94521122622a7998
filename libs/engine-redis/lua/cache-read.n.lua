-- Reads records of the cache and writes nothing: replicas may answer it.
-- KEYS     records (see cache-acquire)
-- Returns two for each key: PTTL; the record, or '' without value.
local reply = {}
for i, key in ipairs(KEYS) do
  local record = redis.call('GET', key)
  local kind = record and string.sub(record, 1, 1)
  local hasValue = kind == 'V' or kind == 'N'
  reply[i * 2 - 1] = hasValue and redis.call('PTTL', key) or 0
  reply[i * 2] = hasValue and record or ''
end
return reply
