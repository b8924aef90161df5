-- Grants leases of one license, or answers repeated calls with the leases that they were granted, extended: each
-- by itself, in their order.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock
--       then of each lease, at most 64 of them:
--       1 lease   2 installation   3 facts of the holder
--       4 the version of the terms by which the rest was decided   5 class in the queue   6 claim
-- Reply OK n and one of these for each, or what the gate answers. n: TIME
--   OK n validity grace epoch fence flags claim
--   FULL ms name           all is taken that it wants, or others wait for it; when that may change by itself;
--                          what is lacking: f:<feature>, or "" for seats
--   LEARNING ms            nobody new is admitted for so long
--   UNRESTORED             restore_pool must be called first
--   MOVED                  the terms are of another version
--   DRAINED                nobody new is admitted until the pool is resumed
--   RELEASED | EXPIRED     this lease id is over
--   LEASE_REVOKED          this lease was taken back
--   TAKEN                  this lease id is another installation's
--   SUSPENDED | REVOKED | NOT_STARTED start | ENDED end
--   NOMETA                 a key turned out to be lost; none behind it is decided either
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include holding
--@include queue
--@include admission
--@include together
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end

local function granted(id, fence, flags, claim)
  remove_waiters({ id })
  return { 'OK', pool.time, pool.validity, pool.grace, pool.epoch, fence, flags, claim }
end

-- Whether there are seats enough, but some are kept for groups.
local function is_reserved(claim)
  local need, room = missing(pool, Z, claim), room_of(pool)
  return need > 0 and need <= room.seats and need > seats_for(room, claim.group)
end

local swept = false
local function sweep()
  if swept then return end
  reap(pool)
  drop_waiters(pool)
  swept = true
end

-- A lease that is there already, as far as it is this installation's.
local function repeated(id, installation, known, expiry)
  if expiry <= pool.t then return { 'EXPIRED' } end
  local record = redis.call('HGET', H, id)
  local fence, holder, flags
  if record then fence, holder, flags = string.match(record, '^([^|]*)|[^|]*|([^|]*)|([^|]*)|') end
  if not fence then return lost() end
  if holder ~= installation then return { 'TAKEN' } end
  hold(id, claim_of(known), pool.t + pool.span)
  return granted(id, fence, flags, known)
end

local function acquire(id, installation, facts, version, class, packed)
  local over = unusable(pool, pool.time) or tombstone(id)
  if over then return over end
  if redis.call('ZSCORE', X, id) then return { 'LEASE_REVOKED' } end
  local known, expiry, is_gone = find(id)
  if is_gone then return lost() end
  if expiry then return repeated(id, installation, known, expiry) end

  if pool.learning then return { 'LEARNING', pool.learn_until - pool.t } end
  if not pool.restored then return { 'UNRESTORED' } end
  if pool.revision ~= version then return { 'MOVED' } end
  local function denied(cause, feature)
    record_refusal(pool, id, packed, installation, facts, cause, feature or '')
  end
  if pool.drained then
    denied('DRAINED')
    return { 'DRAINED' }
  end

  sweep()
  local claim = claim_of(packed)
  if any_lost(pool, claim) then return lost() end
  local lack, beyond = lacking(pool, claim, limit_of(id, tonumber(class)))
  if lack then
    if lack ~= '' then
      denied('FEATURE_FULL', string.sub(lack, 3))
    else
      denied(is_reserved(claim) and 'RESERVED' or 'FULL')
    end
    return { 'FULL', next_change(pool, lack), lack }
  end
  local flags = beyond and 'O' or ''
  local fence = pool.epoch .. '.' .. redis.call('HINCRBY', M, 'seq', 1)
  take(id, packed, claim, pool.t + pool.span)
  local written = table.concat({ fence, pool.time, installation, flags, facts }, '|')
  redis.call('HSET', H, id, written)
  record_holding(pool, 'grant', id, packed, written)
  return granted(id, fence, flags, packed)
end

return (decide_each(pool, 3, 6, acquire))
