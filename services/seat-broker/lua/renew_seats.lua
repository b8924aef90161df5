-- Renews leases of one license whose holders have proved to the caller that the leases are theirs.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock   3 leases, at most 250, 22
--       characters each, one after the other: many arguments cost who sends them more than one
-- Reply OK n validity grace epoch outcomes; UNRESTORED: restore_pool must be called first; or what the gate
--   answers. n: TIME
--   outcomes: "" if all were renewed, else one character for each lease:
--     1 renewed   0 gone, never to come back   R taken back, or the license may not be used
--     L unknown while learning: readmit_seats decides, by its token
--@include clock
--@include pool
--@include gate
--@include claims
local ID_LENGTH = 22
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
local usable = not unusable(pool, pool.time)
local ids = {}
for at = 1, #ARGV[3], ID_LENGTH do
  ids[#ids + 1] = string.sub(ARGV[3], at, at + ID_LENGTH - 1)
end
-- Beside the sentinel.
local claims = redis.call('HLEN', S) > 1 and redis.call('HMGET', S, unpack(ids))
local revoked = redis.call('ZCARD', X) > 1 and redis.call('ZMSCORE', X, unpack(ids))
local expiries = redis.call('ZMSCORE', Z, unpack(ids))
local outcomes, renewals, plain = {}, {}, true
local kept_until = pool.t + pool.span
for i, expiry in ipairs(expiries) do
  local id = ids[i]
  -- Most leases are ordinary.
  local claim = claims and claims[i] and claim_of(claims[i])
  if claim then
    if claim.sharers then expiry = expiry_of(id, claim) end
    if not expiry then return lost() end
  end
  local outcome
  if not usable or (revoked and revoked[i]) then
    outcome = 'R'
  elseif expiry and tonumber(expiry) > pool.t then
    outcome = '1'
  else
    -- Not reaped yet is as gone as reaped: a late heartbeat revives nothing.
    outcome = pool.learning and 'L' or '0'
    if not pool.restored and not pool.learning then return { 'UNRESTORED' } end
  end
  outcomes[i] = outcome
  if outcome ~= '1' then
    plain = false
  elseif claim then
    hold(id, claim, kept_until)
  else
    renewals[#renewals + 1] = kept_until
    renewals[#renewals + 1] = id
  end
end
if #renewals > 0 then redis.call('ZADD', Z, 'XX', 'GT', unpack(renewals)) end
return { 'OK', pool.time, pool.validity, pool.grace, pool.epoch, plain and '' or table.concat(outcomes) }
