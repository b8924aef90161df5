-- Reads live seats, those that expire first at the front. Changes nothing, and so passes no gate.
--
-- ARGV  1 how many at most, up to 501
--       2 3 expiry in ms and lease of the last seat already read; 0 and "" to begin
-- Reply live, then for each seat: lease, expiry in ms, what h holds of it ("" if lost)
--@include pool
local CHUNK = 200
local n, limit = time_ms(), tonumber(ARGV[1])
local after_expiry, after_id = tonumber(ARGV[2]), ARGV[3]
local reply = { redis.call('ZCOUNT', Z, '(' .. n, '(inf') }
local from = math.max(n + 1, after_expiry)
local offset, found = 0, 0
repeat
  -- Many leases may expire in the same millisecond: those already read are passed over.
  local chunk = redis.call('ZRANGE', Z, from, '(inf', 'BYSCORE', 'LIMIT', offset, CHUNK, 'WITHSCORES')
  for i = 1, #chunk, 2 do
    local id, expiry = chunk[i], tonumber(chunk[i + 1])
    if found < limit and (expiry > after_expiry or id > after_id) then
      found = found + 1
      reply[#reply + 1] = id
      reply[#reply + 1] = expiry
      reply[#reply + 1] = redis.call('HGET', H, id) or ''
    end
  end
  offset = offset + CHUNK
until found >= limit or #chunk < 2 * CHUNK
return reply
