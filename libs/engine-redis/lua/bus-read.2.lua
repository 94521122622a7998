-- Reads events of the post bus behind a position.
-- KEYS[1]  stream     KEYS[2]  epoch
-- ARGV[1]  epoch of the position, '' to be told the head     ARGV[2]  its id     ARGV[3]  how many
-- Returns { epoch, head } without a position, { epoch, head, entries } with one, {} when it can't go on from there.
local call = redis.call
if call('EXISTS', KEYS[1], KEYS[2]) < 2 then
  -- A new life, as in bus-announce.
  local now = call('TIME')
  call('DEL', KEYS[1])
  call('SET', KEYS[2], string.format('%x', now[1] * 1000000 + now[2]))
  call('XADD', KEYS[1], '*', 'begin', '')
end
local epoch = call('GET', KEYS[2])
local head = call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][1]
if ARGV[1] == '' then return { epoch, head } end

local function precedes(a, b)
  local aMs, aSequence = string.match(a, '(%d+)-(%d+)')
  local bMs, bSequence = string.match(b, '(%d+)-(%d+)')
  aMs, bMs = tonumber(aMs), tonumber(bMs)
  return aMs < bMs or (aMs == bMs and tonumber(aSequence) < tonumber(bSequence))
end

-- Before the first entry something is missing; behind the last, Redis has come back with an older state.
local first = call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]
if ARGV[1] ~= epoch or precedes(ARGV[2], first) or precedes(head, ARGV[2]) then return {} end
return { epoch, head, call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3]) }
