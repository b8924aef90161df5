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
-- A text: Redis would write a number out anew for each lease.
local kept_until = string.format('%.0f', pool.t + pool.span)

local function decided(outcomes)
  return { 'OK', pool.time, pool.validity, pool.grace, pool.epoch, outcomes }
end

-- Renews those of the leases that are there, which must all be ordinary and live. Returns how many it did.
local function renew(leases)
  local renewals = {}
  for _, id in ipairs(leases) do
    renewals[#renewals + 1] = kept_until
    renewals[#renewals + 1] = id
  end
  return #leases > 0 and redis.call('ZADD', Z, 'XX', 'GT', 'CH', unpack(renewals)) or 0
end

-- Beside the sentinel.
local claims = redis.call('HLEN', S) > 1 and redis.call('HMGET', S, unpack(ids))
local revoked = redis.call('ZCARD', X) > 1 and redis.call('ZMSCORE', X, unpack(ids))
-- Where no lease of the pool is anything but ordinary and live, whatever is there is renewed. If that is not all of
-- them, each is looked at.
local is_plain = usable and not claims and not revoked and redis.call('ZCOUNT', Z, '-inf', pool.t) == 0
if is_plain and renew(ids) == #ids then return decided('') end

local expiries = redis.call('ZMSCORE', Z, unpack(ids))
local outcomes, ordinary, plain = {}, {}, true
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
    ordinary[#ordinary + 1] = id
  end
end
renew(ordinary)
return decided(plain and '' or table.concat(outcomes))
