-- Keeps a place in the queue, and tells whether it is the waiter's turn: whether there is what it wants
-- behind those who are ahead. Grants nothing: acquire_seats does, for as long as the place lasts.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock
--       3 lease   4 the order it is known to have, 0 if none   5 when that was so, in ms of TIME
--       6 the version of the terms by which the rest was decided   7 class in the queue   8 claim
-- Reply one of
--   TURN n order patience       acquire_seats will find a seat for it within so many ms; n: TIME
--   WAITING n order ahead ms    how many are ahead; when that may change by itself
--   UNRESTORED | MOVED | RELEASED | EXPIRED | LEASE_REVOKED
--   SUSPENDED | REVOKED | NOT_STARTED start | ENDED end      as acquire_seats
--   what the gate answers
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include queue
--@include admission
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
local id, class, packed = ARGV[3], tonumber(ARGV[7]), ARGV[8]

refusal = unusable(pool, pool.time) or tombstone(id)
if redis.call('ZSCORE', X, id) then refusal = { 'LEASE_REVOKED' } end
if refusal then
  remove_waiters({ id })
  return refusal
end

local _, expiry, is_gone = find(id)
if is_gone then return lost() end
if expiry and expiry <= pool.t then return { 'EXPIRED' } end
-- The lease is there already, only the answer to acquire_seats was lost.
if expiry then return { 'TURN', pool.time, ARGV[4], PATIENCE } end
if not pool.learning then
  if not pool.restored then return { 'UNRESTORED' } end
  if pool.revision ~= ARGV[6] then return { 'MOVED' } end
end

drop_waiters(pool)
local order = keep_waiter(pool, id, class, packed, tonumber(ARGV[4]), tonumber(ARGV[5]))
local limit = limit_of(id, class)
local ahead = waiters_ahead(limit)
if pool.learning then return { 'WAITING', pool.time, order, ahead, pool.learn_until - pool.t } end
if pool.drained then return { 'WAITING', pool.time, order, ahead, PATIENCE } end
reap(pool)
local claim = claim_of(packed)
if any_lost(pool, claim) then return lost() end
local lack = lacking(pool, claim, limit)
if not lack then return { 'TURN', pool.time, order, PATIENCE } end
return { 'WAITING', pool.time, order, ahead, math.max(next_change(pool, lack), 1) }
