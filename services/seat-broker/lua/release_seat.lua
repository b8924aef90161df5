-- Ends a lease, or forestalls one whose acquire is still under way: the id never becomes a lease again.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock   3 lease   4 installation
--       5 "1" if nothing is kept of it as a borrowed one any more
-- Reply OK, also if there was nothing to end
--       TAKEN        the lease is another installation's
--       BORROWED     what is kept of it must be deleted first
--       UNRESTORED   restore_pool must be called first: it may be a borrowed one
--       what the gate answers
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include queue
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
local id = ARGV[3]
local holder, flags = string.match(redis.call('HGET', H, id) or '', '^[^|]*|[^|]*|([^|]*)|([^|]*)|')
if holder and holder ~= ARGV[4] then return { 'TAKEN' } end
if not holder and not pool.restored then return { 'UNRESTORED' } end
local borrowed = flags and string.find(flags, 'B')
if borrowed and ARGV[5] ~= '1' then return { 'BORROWED' } end
local _, _, is_gone = find(id)
if is_gone then return lost() end
let_go(pool, id, borrowed and 'CHECKED_IN' or 'RELEASED')
remove_waiters({ id })
redis.call('ZADD', T, remembered_until(pool), id)
reap(pool)
return { 'OK' }
