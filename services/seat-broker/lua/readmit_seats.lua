-- Takes leases back into a pool that lost its data, by the tokens that their holders presented and
-- the caller has verified. Only while learning, when no seat of theirs can have been granted again.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock
--       3.. for each lease: lease, installation, fence, claim, expiry of the token in ms of TIME
-- Reply as renew_seats, or UNRESTORED: restore_pool must be called first.
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include holding
--@include queue
--@include admission
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
if pool.learning and not pool.restored then return { 'UNRESTORED' } end

-- Whether a token ran out. One from before the caller vouches for the clock was made by another time, maybe.
local function ran_out(token_expiry)
  return token_expiry <= pool.time and token_expiry - pool.span >= pool.trusted
end

-- Whether there is room for what a lease had. What is kept for groups does not count: it had its seats before,
-- as some had theirs before the terms were lowered.
local function fits(claim)
  local room = room_of(pool)
  room.kept = {}
  room.seats = room.seats + math.max(0, pool.room - pool.seats - pool.overdraft)
  return not short_of(room, needs_of(pool, claim), claim)
end

-- nil where a key that it depends on was emptied.
local function admit(id, installation, fence, packed, token_expiry)
  if unusable(pool, pool.time) or redis.call('ZSCORE', X, id) then return 'R' end
  local claim = claim_of(packed)
  if any_lost_of(claim) then return nil end
  local expiry = expiry_of(id, claim)
  if not expiry or expiry <= pool.t then
    -- A token that ran out may stand for a seat that was somebody else's before the loss.
    if not pool.learning or ran_out(tonumber(token_expiry)) or tombstone(id) then return '0' end
    if not fits(claim) then return '0' end
    take(id, packed, claim, pool.t + pool.span)
    local before = redis.call('HGET', O, id)
    local written = before or table.concat({ fence, pool.time, installation, '', '' }, '|')
    redis.call('HSET', H, id, written)
    record_holding(pool, 'readmit', id, packed, written)
  end
  hold(id, claim, pool.t + pool.span)
  return '1'
end

local outcomes = {}
for i = 3, #ARGV, 5 do
  local outcome = admit(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
  if not outcome then return lost() end
  outcomes[#outcomes + 1] = outcome
end
return { 'OK', pool.time, pool.validity, pool.grace, pool.epoch, table.concat(outcomes) }
