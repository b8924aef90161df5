-- Looks for a lease. Changes nothing but how far the pool has seen the time go on.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock   3 lease
-- Reply OK n ms installation   n: TIME; for how long its holder may rely on it; whose it is, "" if not known
--       GONE                   there is no such lease
--       what the gate answers
--@include clock
--@include pool
--@include gate
--@include claims
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
local id = ARGV[3]
local expiry = end_of(pool, id)
if not expiry then return { 'GONE' } end
local record = redis.call('HGET', H, id) or redis.call('HGET', O, id)
local installation = record and string.match(record, '^[^|]*|[^|]*|([^|]*)|') or ''
return { 'OK', pool.time, expiry - pool.t, installation }
