-- Renews leases of one license whose holders have proved to the caller that the leases are theirs.
--
-- ARGV  1 estimate of TIME in ms   2.. leases, at most 250
-- Reply OK n validity grace epoch outcomes, or what the gate answers.
--   outcomes: "" if all were renewed, else one character for each lease:
--     1 renewed   0 gone, never to come back   R the license may not be used
--     L unknown while learning: readmit_seats decides, by its token
--@include pool
--@include gate
local pool, refusal = enter(ARGV[1])
if not pool then return refusal end
local n = pool.n
local usable = not unusable(pool, n)
local expiries = redis.call('ZMSCORE', Z, unpack(ARGV, 2))
local outcomes, renewals, plain = {}, {}, true
for i, expiry in ipairs(expiries) do
  local outcome
  if expiry and tonumber(expiry) > n then
    outcome = usable and '1' or 'R'
  elseif pool.learning then
    outcome = usable and 'L' or 'R'
  else
    -- Not reaped yet is as gone as reaped: a late heartbeat revives nothing.
    outcome = '0'
  end
  outcomes[i] = outcome
  if outcome == '1' then
    renewals[#renewals + 1] = n + pool.span
    renewals[#renewals + 1] = ARGV[i + 1]
    if pool.learning then confirm(pool, ARGV[i + 1]) end
  else
    plain = false
  end
end
if #renewals > 0 then redis.call('ZADD', Z, 'XX', 'GT', unpack(renewals)) end
return { 'OK', n, pool.validity, pool.grace, pool.epoch, plain and '' or table.concat(outcomes) }
