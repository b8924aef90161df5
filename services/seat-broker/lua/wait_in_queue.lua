-- Keeps a place in the queue, and tells whether it is the waiter's turn: whether more seats are free than
-- waiters are ahead. Grants nothing: acquire_seat does, for as long as the place lasts.
--
-- ARGV  1 estimate of TIME in ms
--       2 when the caller last saw the clock step forward, in ms of TIME; 0 if never
--       3 lease   4 the order it is known to have, 0 if none   5 when that was so, in ms of TIME
-- Reply one of
--   TURN n order patience        acquire_seat will find a seat for it within so many ms
--   WAITING n order ahead next   how many are ahead; when that may change by itself
--   RELEASED | EXPIRED           this lease id is over
--   SUSPENDED | REVOKED | NOT_STARTED start | ENDED end
--   what the gate answers
--@include pool
--@include gate
--@include queue
local pool, refusal = enter(ARGV[1])
if not pool then return refusal end
local n, id = pool.n, ARGV[3]

refusal = unusable(pool, n) or tombstone(id)
if refusal then
  remove_waiter(id)
  return refusal
end

local expiry = redis.call('ZSCORE', Z, id)
if expiry and tonumber(expiry) <= n then return { 'EXPIRED' } end

-- The lease is there already, only the answer to acquire_seat was lost; unless it is a mere copy.
if expiry and not (pool.learning and redis.call('SISMEMBER', C, id) == 0) then
  return { 'TURN', n, ARGV[4], PATIENCE }
end

drop_waiters(n)
local order = keep_waiter(pool, id, tonumber(ARGV[4]), tonumber(ARGV[5]))
local ahead = waiters_ahead(id)
local closed_until = math.max(pool.learn_until, tonumber(ARGV[2]) + pool.span)
if n < closed_until then return { 'WAITING', n, order, ahead, closed_until } end
reap(pool)
local live = redis.call('ZCOUNT', Z, '(' .. n, '(inf')
if pool.seats - live > ahead then return { 'TURN', n, order, PATIENCE } end
local next = redis.call('ZRANGE', Z, '(' .. n, '(inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
return { 'WAITING', n, order, ahead, tonumber(next[2] or n + PATIENCE) }
