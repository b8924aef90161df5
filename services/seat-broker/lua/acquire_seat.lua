-- Grants a seat, or answers a repeated call with the lease that it was granted, extended.
--
-- ARGV  1 estimate of TIME in ms
--       2 when the caller last saw the clock step forward, in ms of TIME; 0 if never
--       3 lease   4 installation   5 facts of the holder
-- Reply one of
--   OK n validity grace epoch fence
--   FULL n next            all seats are taken, or others wait for what is free; the next expiry
--   LEARNING n until       nobody new is admitted before that
--   RELEASED | EXPIRED     this lease id is over
--   TAKEN                  this lease id is another installation's
--   SUSPENDED | REVOKED | NOT_STARTED start | ENDED end
--   what the gate answers
--@include pool
--@include gate
--@include queue
local pool, refusal = enter(ARGV[1])
if not pool then return refusal end
local n, id, installation = pool.n, ARGV[3], ARGV[4]

local function granted(fence)
  remove_waiter(id)
  if pool.learning then confirm(pool, id) end
  return { 'OK', n, pool.validity, pool.grace, pool.epoch, fence }
end

refusal = unusable(pool, n) or tombstone(id)
if refusal then return refusal end

local expiry = redis.call('ZSCORE', Z, id)
if expiry then
  if tonumber(expiry) <= n then return { 'EXPIRED' } end
  local packed = redis.call('HGET', H, id)
  local fence, holder
  if packed then fence, holder = string.match(packed, '^([^|]*)|[^|]*|([^|]*)|') end
  if fence and holder ~= installation then return { 'TAKEN' } end
  -- A copy that outlived a loss of data proves nothing until its holder has shown its token.
  if not fence or (pool.learning and redis.call('SISMEMBER', C, id) == 0) then
    return { 'LEARNING', n, math.max(pool.learn_until, tonumber(expiry)) }
  end
  redis.call('ZADD', Z, 'XX', 'GT', n + pool.span, id)
  return granted(fence)
end

if pool.learning then return { 'LEARNING', n, pool.learn_until } end
-- A step forward makes leases look expired whose holders rely on them still.
local settled = tonumber(ARGV[2]) + pool.span
if n < settled then return { 'LEARNING', n, settled } end

reap(pool)
drop_waiters(n)
-- Live, by expiry; whatever the reaper left over does not count, nor does the sentinel.
local live = redis.call('ZCOUNT', Z, '(' .. n, '(inf')
if pool.seats - live <= waiters_ahead(id) then
  local next = redis.call('ZRANGE', Z, '(' .. n, '(inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
  return { 'FULL', n, tonumber(next[2] or n) }
end
local fence = pool.epoch .. '.' .. redis.call('HINCRBY', M, 'seq', 1)
redis.call('ZADD', Z, n + pool.span, id)
redis.call('HSET', H, id, fence .. '|' .. n .. '|' .. installation .. '|' .. ARGV[5])
return granted(fence)
