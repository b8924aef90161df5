-- Takes a lease back: it is renewed no more, and its seat is free when its holder has released it, or has
-- been silent for long enough. At once only if that is asked for.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock   3 lease   4 "1" to free the seat at once
-- Reply OK, also if it was taken back already
--       GONE   there is no such lease
--       what the gate answers
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
local id = ARGV[3]
local _, _, is_gone = find(id)
if is_gone then return lost() end
local expiry = end_of(pool, id)
if not expiry then return { 'GONE' } end
if ARGV[4] == '1' then
  let_go(pool, id, 'REVOKED')
  redis.call('ZADD', T, remembered_until(pool), id .. SENTINEL)
end
redis.call('ZADD', X, 'GT', marked_until(pool, expiry), id)
return { 'OK' }
