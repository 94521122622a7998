-- Reads records of the cache and hands out leases for those that must be loaded.
-- KEYS     records: kind (T invalidated, L lease alone, N known to be absent, V value), version, epoch, loadMs (doubles),
--          token (16 bytes), leaseUntilMs (double), payload
-- ARGV[1]  grace (ms): a value with less than this left is stale     ARGV[2]  how long a lease lasts (ms)
-- ARGV     then three for each key: floor (a record of a lower version is dropped), token, the version to
--          lease although it is fresh, or 0
-- Returns three for each key: 0 fresh, 1 leased to the caller, 2 leased to another; PTTL; the record, or '' without value.
local call, unpack = redis.call, struct.unpack
local TOKEN_AT, PAYLOAD_AT, NO_TOKEN = 25, 49, '----------------'
local graceMs, leaseMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = call('TIME')
local nowUs = time[1] * 1000000 + time[2]
local nowMs = math.floor(nowUs / 1000)

local function lease(key, token)
  call('SETRANGE', key, TOKEN_AT, struct.pack('>c16d', token, nowMs + leaseMs))
end

local reply = {}
for i, key in ipairs(KEYS) do
  local floor, token, earlyOf = tonumber(ARGV[i * 3]), ARGV[i * 3 + 1], tonumber(ARGV[i * 3 + 2])
  local record = call('GET', key)
  -- A record that begins has an epoch of its own: the copies of a forgotten one must not be met again.
  local kind, version, epoch = 'L', floor, nowUs
  local holder, leaseUntilMs = NO_TOKEN, 0
  if record then
    local loadMs
    kind, version, epoch, loadMs, holder, leaseUntilMs = unpack('>c1dddc16d', record)
    if version < floor and kind ~= 'L' then
      kind, version, epoch, holder, record = 'T', floor, nowUs, NO_TOKEN, false
    end
  end
  local ttlMs = record and call('PTTL', key) or 0
  local hasValue = kind == 'V' or kind == 'N'
  local fresh = kind == 'N' or (kind == 'V' and ttlMs > graceMs)
  local leased = holder ~= NO_TOKEN and holder ~= token and nowMs < leaseUntilMs
  local state
  if fresh and (leased or earlyOf ~= version) then
    state = 0
  elseif leased then
    state = 2
  else
    state = 1
    if not record then
      local header = struct.pack('>c1dddc16d', kind, version, epoch, 0, token, nowMs + leaseMs)
      call('SET', key, header, 'PX', leaseMs)
    else
      lease(key, token)
      if not hasValue and ttlMs < leaseMs then call('PEXPIRE', key, leaseMs) end
    end
  end
  local at = i * 3 - 2
  reply[at], reply[at + 1], reply[at + 2] = state, ttlMs, hasValue and record or ''
end
return reply
