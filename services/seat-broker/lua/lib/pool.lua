-- What every script shares: the keys of a license and its terms.
--
-- KEYS, the same in every script, all under the hash tag of one license:
--   m  hash: incarnation, epoch, seq, qseq, seen, skipped, turned, fence_until, learn_until, restored, drained,
--      drain_revision, room, entries, and the terms (revision, name, bound_to, state, model, seats, overdraft,
--      limits, features, policy, naming, change_policy, versions, product_revision, start, end, validity, grace);
--      durations in ms. The revision is a version of the terms: that of the license, behind a dot how often its
--      named users changed, and behind another one the revision of its product, as far as there are any.
--   z  zset: unit -> expiry
--   s  hash: lease -> its claim, where that is not one seat of its own and nothing else
--   h  hash: lease -> fence|grant time in ms of TIME|installation|flags|facts of the holder.
--      A fence is "epoch.seq"; flags are O (overdraft) and B (borrowed), with when its holder's
--      right to it ends, in ms of pool time; the facts are opaque here.
--   t  zset: a released or cancelled lease, or an expired one with "!" behind it -> when it may be forgotten
--   x  zset: a revoked lease -> when it may be forgotten
--   q  zset: waiter -> order
--   qt zset: waiter -> until when it counts, unless it is asked for again. The same members.
--   w  hash: waiter -> the claim that it wants, as in s
--   d  set: the names of the following keys that are in use
--   o  hash: what h held before the pool was set up again, for a while
-- And for what a license limits or shares, named by a claim:
--   f:<feature>, g:<group>  zsets: unit -> expiry, of the units that use a feature or belong to a group
--   u:<share>               zset: lease -> expiry, of the leases that have the unit "@<share>" together
-- The member "!" of z, s, h, t, x, d, f and g, with score inf in a zset, proves that nobody emptied them.
--
-- A lease takes units: one by its own name, or for several seats also lease#2, lease#3, …, or one that it
-- shares. The number of live seats is never stored: it is how many expiries in z lie ahead.
-- Expiries, and every time in m but `seen`, `turned`, `start` and `end`, are in pool time: see gate.lua.
local M, Z, S, H, T, X = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local Q, QT, W, D, O = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
-- In front of the names of all keys of the license; m's name is one letter.
local BASE = KEYS[1] and string.sub(M, 1, -2)
local SENTINEL = '!'
local REAP_LIMIT = 200

-- Whether terms of version `a` are newer than those of version `b`.
local function is_newer(a, b)
  local parts, others = string.gmatch(a, '%d+'), string.gmatch(b, '%d+')
  for _ = 1, 3 do
    local part, other = tonumber(parts() or 0), tonumber(others() or 0)
    if part ~= other then return part > other end
  end
  return false
end

-- Whether everything is there that is never empty while the pool is set up.
local function complete()
  return redis.call('EXISTS', Z, S, H, T, X, D) == 6
end

-- What m holds of a pool that is not set up is for an init_pool that is under way.
local function forget_unless_set_up()
  local INIT_WINDOW_MS = 10000
  if redis.call('HEXISTS', M, 'incarnation') == 0 then redis.call('PEXPIRE', M, INIT_WINDOW_MS) end
end

-- Why the license may not be used at `time`, by TIME: the reply, or nil if it may.
local function unusable(pool, time)
  if pool.state ~= 'ACTIVE' then return { pool.state } end
  if time < pool.starts then return { 'NOT_STARTED', pool.starts } end
  if time >= pool.ends then return { 'ENDED', pool.ends } end
  return nil
end
