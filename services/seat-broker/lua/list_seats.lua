-- Reads leases, those that expire first at the front. Changes nothing, and so passes no gate.
--
-- ARGV  1 how many units at most, up to 500
--       2 3 expiry in pool time and unit of the last one already read; 0 and "" to begin
-- Reply TIME, skipped, span, expiry and unit of the last one read ("" and "" at the end), then for each lease:
--   lease, expiry in pool time, what h, s and x hold of it ("" for nothing)
--@include clock
--@include pool
--@include claims
local CHUNK = 200
local time, limit = time_ms(), tonumber(ARGV[1])
local f = redis.call('HMGET', M, 'skipped', 'validity', 'grace')
local t = time - (f[1] or 0)
local after_expiry, after_unit = tonumber(ARGV[2]), ARGV[3]
local reply = { time, tonumber(f[1] or 0), (f[2] or 0) + (f[3] or 0), '', '' }

local function tell(id, expiry)
  reply[#reply + 1] = id
  reply[#reply + 1] = tonumber(expiry)
  reply[#reply + 1] = redis.call('HGET', H, id) or ''
  reply[#reply + 1] = redis.call('HGET', S, id) or ''
  reply[#reply + 1] = redis.call('ZSCORE', X, id) and 1 or 0
end

local function tell_unit(unit, expiry)
  if string.sub(unit, 1, 1) == '@' then
    local leases = redis.call('ZRANGE', BASE .. 'u:' .. string.sub(unit, 2), '(' .. t, '(inf', 'BYSCORE', 'WITHSCORES')
    for i = 1, #leases, 2 do tell(leases[i], leases[i + 1]) end
  elseif not string.find(unit, '#', 1, true) then
    tell(unit, expiry)
  end
end

local from = math.max(t + 1, after_expiry)
local offset, found = 0, 0
repeat
  -- Many may expire in the same millisecond: those already read are passed over.
  local chunk = redis.call('ZRANGE', Z, from, '(inf', 'BYSCORE', 'LIMIT', offset, CHUNK, 'WITHSCORES')
  for i = 1, #chunk, 2 do
    local unit, expiry = chunk[i], tonumber(chunk[i + 1])
    if found < limit and (expiry > after_expiry or unit > after_unit) then
      found = found + 1
      tell_unit(unit, expiry)
      reply[4], reply[5] = expiry, unit
    end
  end
  offset = offset + CHUNK
until found >= limit or #chunk < 2 * CHUNK
if found < limit then reply[4], reply[5] = '', '' end
return reply
