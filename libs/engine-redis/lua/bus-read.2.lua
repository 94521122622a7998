-- Reads events of the post bus behind a position.
-- KEYS[1]  stream     KEYS[2]  epoch
-- ARGV[1]  epoch of the position, '' to be told the head     ARGV[2]  its id     ARGV[3]  how many
-- ARGV[4]  epoch to begin with     ARGV[5]  how far back the bus is reliable (ms)
-- Returns { epoch, head } without a position, { epoch, head, entries } with one, {} when it can't go back that far.
local call = redis.call
call('SET', KEYS[2], ARGV[4], 'NX')
local epoch = call('GET', KEYS[2])
local last = call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local now = call('TIME')
-- An id of the present for an empty stream: what is appended next comes after it.
local head = last[1] and last[1][1] or string.format('%d-0', now[1] * 1000 + math.floor(now[2] / 1000) - 1)
if ARGV[1] == '' then return { epoch, head } end
local ms = tonumber(string.match(ARGV[2], '^(%d+)-'))
if ARGV[1] ~= epoch or ms < now[1] * 1000 - ARGV[5] then return {} end
return { epoch, head, call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3]) }
