-- Stores values, each only where its condition still holds.
-- KEYS     records (see cache-acquire)
-- ARGV     five for each key: condition (a token: while it is held; 'E': while there is neither a value nor an invalidation;
--          'A': always), kind (V or N), how long to keep it (ms), loadMs, payload
-- Returns for each key the version given to the record, or 0 where it was refused.
local call, unpack = redis.call, struct.unpack
local NO_TOKEN = '----------------'
local time = call('TIME')
local nowUs = time[1] * 1000000 + time[2]

local function holds(condition, kind, token)
  if condition == 'A' then return true end
  if condition == 'E' then return kind ~= 'V' and kind ~= 'T' end
  return token == condition
end

local versions = {}
for i, key in ipairs(KEYS) do
  local at = i * 5 - 4
  local header = call('GETRANGE', key, 0, 47)
  local kind, version, epoch, loadMs, token = 'L', 0, nowUs, 0, NO_TOKEN
  if header ~= '' then kind, version, epoch, loadMs, token = unpack('>c1dddc16', header) end
  if holds(ARGV[at], kind, token) then
    version = math.max(version + 1, nowUs)
    header = struct.pack('>c1dddc16d', ARGV[at + 1], version, epoch, tonumber(ARGV[at + 3]), NO_TOKEN, 0)
    call('SET', key, header .. ARGV[at + 4], 'PX', ARGV[at + 2])
    versions[i] = version
  else
    versions[i] = 0
  end
end
return versions
