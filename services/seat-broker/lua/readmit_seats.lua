-- Takes leases back into a pool that lost its data, by the tokens that their holders presented and
-- the caller has verified. Only while learning, when no seat of theirs can have been granted again.
--
-- ARGV  1 estimate of TIME in ms   2.. for each lease: lease, installation, fence, expiry of the token in ms
-- Reply as renew_seats.
--@include pool
--@include gate
local pool, refusal = enter(ARGV[1])
if not pool then return refusal end
local n = pool.n

local function admit(id, installation, fence, token_expiry)
  if unusable(pool, n) then return 'R' end
  local expiry = redis.call('ZSCORE', Z, id)
  if not expiry or tonumber(expiry) <= n then
    -- A token that ran out may stand for a seat that was somebody else's before the loss.
    if not pool.learning or tonumber(token_expiry) <= n or tombstone(id) then return '0' end
  end
  if pool.learning and redis.call('SISMEMBER', C, id) == 0 then
    -- Copies whose holders have not come forward do not count, or a live holder could be refused.
    if redis.call('SCARD', C) >= pool.seats then return '0' end
    confirm(pool, id)
    redis.call('HSETNX', H, id, fence .. '|' .. n .. '|' .. installation .. '|')
  end
  redis.call('ZADD', Z, 'GT', n + pool.span, id)
  return '1'
end

local outcomes = {}
for i = 2, #ARGV, 4 do
  outcomes[#outcomes + 1] = admit(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return { 'OK', n, pool.validity, pool.grace, pool.epoch, table.concat(outcomes) }
