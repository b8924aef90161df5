-- Ends leases of one license, or forestalls those whose acquire is still under way: such an id never becomes a lease
-- again. Each by itself, in their order.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock
--       then of each lease, at most 64 of them:
--       1 lease   2 installation   3 "1" if nothing is kept of it as a borrowed one any more
-- Reply OK n and one of these for each, or what the gate answers. n: TIME
--   OK           also if there was nothing to end
--   TAKEN        the lease is another installation's
--   BORROWED     what is kept of it must be deleted first
--   UNRESTORED   restore_pool must be called first: it may be a borrowed one
--   NOMETA       a key turned out to be lost; none behind it is decided either
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include queue
--@include together
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end

local function release(id, installation, forgotten)
  local holder, flags = string.match(redis.call('HGET', H, id) or '', '^[^|]*|[^|]*|([^|]*)|([^|]*)|')
  if holder and holder ~= installation then return { 'TAKEN' } end
  if not holder and not pool.restored then return { 'UNRESTORED' } end
  local borrowed = flags and string.find(flags, 'B')
  if borrowed and forgotten ~= '1' then return { 'BORROWED' } end
  local _, _, is_gone = find(id)
  if is_gone then return lost() end
  let_go(pool, id, borrowed and 'CHECKED_IN' or 'RELEASED')
  remove_waiters({ id })
  redis.call('ZADD', T, remembered_until(pool), id)
  return { 'OK' }
end

local replies, undone = decide_each(pool, 3, 3, release)
if not undone then reap(pool) end
return replies
