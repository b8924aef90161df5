-- Ends a lease, or forestalls one whose acquire is still under way: the id never becomes a lease again.
--
-- ARGV  1 estimate of TIME in ms   2 lease   3 installation
-- Reply OK, also if there was nothing to end; TAKEN if the lease is another installation's; or what
--   the gate answers.
--@include pool
--@include gate
--@include queue
local pool, refusal = enter(ARGV[1])
if not pool then return refusal end
local id = ARGV[2]
local packed = redis.call('HGET', H, id)
if packed and string.match(packed, '^[^|]*|[^|]*|([^|]*)|') ~= ARGV[3] then return { 'TAKEN' } end
redis.call('ZREM', Z, id)
redis.call('HDEL', H, id)
redis.call('SREM', C, id)
remove_waiter(id)
redis.call('ZADD', T, remembered_until(pool), id)
reap(pool)
return { 'OK' }
