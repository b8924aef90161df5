-- Makes a lease a borrowed one, or keeps a borrowed one for longer: what it takes stays taken without renewals.
-- Never shortens.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock   3 lease   4 installation
--       5 the version of the terms by which it may be borrowed
--       6 for how many ms from now; 0 only asks whether it is borrowed
-- Reply one of
--   OK n validity grace epoch fence flags claim granted facts end kept   n: TIME; end: in ms of TIME, when its
--                    holder may rely on it no more; kept: in how many ms its seat is free
--   NOT_BORROWED     nothing more was asked
--   LEARNING ms      its holder is not back yet
--   UNRESTORED       restore_pool must be called first
--   DRAINED | MOVED | RELEASED | EXPIRED | LEASE_REVOKED | TAKEN
--   SUSPENDED | REVOKED | NOT_STARTED start | ENDED end      as acquire_seats
--   what the gate answers
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include holding
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
local id, wanted = ARGV[3], tonumber(ARGV[6])
refusal = unusable(pool, pool.time) or tombstone(id)
if refusal then return refusal end

local packed, expiry, is_gone = find(id)
if is_gone then return lost() end
local claim = claim_of(packed)
if not expiry then
  if not pool.restored then return { 'UNRESTORED' } end
  if pool.learning then return { 'LEARNING', pool.learn_until - pool.t } end
end
if not expiry or expiry <= pool.t then return { 'EXPIRED' } end
if redis.call('ZSCORE', X, id) then return { 'LEASE_REVOKED' } end
local fence, granted, holder, flags, facts =
  string.match(redis.call('HGET', H, id) or '', '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|(.*)$')
if not fence then return lost() end
if holder ~= ARGV[4] then return { 'TAKEN' } end
local known_end = tonumber(string.match(flags, 'B(%d+)'))

local borrow_end = known_end
if wanted == 0 then
  if not known_end then return { 'NOT_BORROWED' } end
else
  if pool.drained then return { 'DRAINED' } end
  if pool.revision ~= ARGV[5] then return { 'MOVED' } end
  -- A file tells whole seconds, and must not end as it begins.
  if pool.ends - pool.time < 2000 then return { 'ENDED', pool.ends } end
  borrow_end = math.max(known_end or 0, math.min(pool.time + wanted, pool.ends) - pool.skipped)
end
if borrow_end ~= known_end then
  hold(id, claim, borrow_end + borrow_margin(pool, borrow_end - pool.t))
  local written = table.concat({ fence, granted, holder, overdraft_of(flags) .. 'B' .. borrow_end, facts }, '|')
  redis.call('HSET', H, id, written)
  if not known_end then record_holding(pool, 'grant', id, packed, written) end
end
return { 'OK', pool.time, pool.validity, pool.grace, pool.epoch, fence, flags, packed, granted, facts,
  math.min(borrow_end + pool.skipped, pool.ends), expiry_of(id, claim) - pool.t }
