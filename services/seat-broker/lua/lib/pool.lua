-- What every script shares: the keys of a license, its time, its terms.
--
-- KEYS, the same seven in every script, all under the hash tag of one license:
--   m  hash: incarnation, epoch, seq, qseq, fence_until, learn_until, and the terms (revision, name, state,
--      model, seats, features, start, end, validity, grace); times in ms since 1970, durations in ms
--   z  zset: lease -> expiry in ms. The member "!" with score inf proves that nobody emptied it.
--   h  hash: lease -> fence|grant time in ms|installation|facts of the holder.
--      A fence is "epoch.seq"; the facts are opaque here.
--   t  zset: a released or cancelled lease, or an expired one with "!" behind it -> when it may be forgotten
--   c  set: the leases that were renewed or admitted since learning began
--   q  zset: waiter -> order
--   qt zset: waiter -> until when it counts in ms, unless it is asked for again. The same members.
-- The number of live seats is never stored: it is how many expiries in z lie ahead.
local M, Z, H, T, C = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local Q, QT = KEYS[6], KEYS[7]
local SENTINEL = '!'
local REAP_LIMIT = 200

local function time_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Changes whenever this Redis is another than it was: restarted, promoted, or restored.
local function this_incarnation()
  local info = redis.call('INFO', 'server', 'replication')
  return string.match(info, 'run_id:(%x+)') .. '.' .. string.match(info, 'master_replid:(%x+)')
end

-- Why the license may not be used at n: the reply, or nil if it may.
local function unusable(pool, n)
  if pool.state ~= 'ACTIVE' then return { pool.state } end
  if n < pool.starts then return { 'NOT_STARTED', pool.starts } end
  if n >= pool.ends then return { 'ENDED', pool.ends } end
  return nil
end
