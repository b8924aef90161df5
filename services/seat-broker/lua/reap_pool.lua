-- Ends what ran out in a pool, as acquire_seats does: one that nobody asks for a seat would tell the ledger of no
-- end. Of those that share a seat also whoever ran out while others go on.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock   3 where to go on; 0 to begin
-- Reply OK next   where to go on, "" if that was all; or what the gate answers
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
reap(pool)
if redis.call('ZCOUNT', Z, '-inf', pool.t) > 0 then return { 'OK', ARGV[3] } end
local found = redis.call('SSCAN', D, ARGV[3], 'COUNT', REAP_LIMIT)
for _, name in ipairs(found[2]) do
  if string.sub(name, 1, 2) == 'u:' then bury(pool, remove_over(BASE .. name, pool.t)) end
end
return { 'OK', found[1] == '0' and '' or found[1] }
