-- Marks one entry as withdrawn (its author becomes 0) in every inbox that has it.
-- KEYS     the inboxes; or none: then their names are ARGV[2] followed by the ids in ARGV[3] (single Redis only)
-- ARGV[1]  post id (8 bytes)     ARGV[2]  key prefix     ARGV[3]  viewer ids, 8 bytes each
local call, try, sub, unpack = redis.call, redis.pcall, string.sub, struct.unpack
local HEADER, ENTRY = 48, 16
local id = ARGV[1]
local hi, lo = unpack('>I4I4', id)

local function withdraw(key, bytes)
  local from, to = 0, (bytes - HEADER) / ENTRY
  while from < to do
    local middle = math.floor((from + to) / 2)
    local at = HEADER + middle * ENTRY
    local h, l = unpack('>I4I4', call('GETRANGE', key, at, at + 7))
    if h < hi or (h == hi and l < lo) then from = middle + 1 else to = middle end
  end
  local at = HEADER + from * ENTRY
  if call('GETRANGE', key, at, at + 7) == id then call('SETRANGE', key, at + 8, '\0\0\0\0\0\0\0\0') end
end

local declared, prefix, viewers = #KEYS > 0, ARGV[2], ARGV[3]
for i = 1, declared and #KEYS or #viewers / 8 do
  local key = declared and KEYS[i] or prefix .. sub(viewers, i * 8 - 7, i * 8)
  local bytes = try('STRLEN', key)
  -- What is no inbox has nothing to withdraw: its reader will notice.
  if type(bytes) == 'number' and bytes > HEADER and bytes % ENTRY == 0 then withdraw(key, bytes) end
end
