-- The gate: every script that grants, renews or ends a lease passes it before anything else.
--
-- enter(estimate) -> pool, or nil and the reply. `estimate` is what the caller believes this Redis'
-- TIME to be. The replies:
--   NOMETA              the pool was never set up here, or its data were lost
--   STALE               its data are of an earlier incarnation
--   LATE                the caller decided too long ago, or the clock stepped forward
--   CLOCK               the clock stepped back
--   FENCED n until      an earlier primary may still be at work until then
-- No reply of the gate has changed anything.

-- A step of the clock beyond this, in ms, must be noticed; so must any that the grace does not cover.
local TOLERANCE = 2000

local function enter(estimate)
  local n = time_ms()
  local f = redis.call('HMGET', M, 'incarnation', 'epoch', 'state', 'seats', 'start', 'end',
    'validity', 'grace', 'fence_until', 'learn_until')
  if not f[1] or not redis.call('ZSCORE', Z, SENTINEL) then return nil, { 'NOMETA' } end
  if f[1] ~= this_incarnation() then return nil, { 'STALE' } end
  local pool = {
    n = n,
    epoch = f[2],
    state = f[3],
    seats = tonumber(f[4]),
    starts = tonumber(f[5]),
    ends = tonumber(f[6]),
    validity = tonumber(f[7]),
    grace = tonumber(f[8]),
    learn_until = tonumber(f[10]),
  }
  -- How long a seat stays taken after its last renewal.
  pool.span = pool.validity + pool.grace
  local ahead = n - tonumber(estimate)
  if ahead > math.min(TOLERANCE, pool.grace) then return nil, { 'LATE' } end
  if ahead < -TOLERANCE then return nil, { 'CLOCK' } end
  local fence_until = tonumber(f[9])
  if n < fence_until then return nil, { 'FENCED', n, fence_until } end
  -- While learning, seats are kept for those who prove that they held one.
  pool.learning = n < pool.learn_until
  return pool
end

-- Counts a lease as one whose holder is known to be alive; only needed while learning.
local function confirm(pool, id)
  redis.call('SADD', C, id)
  redis.call('PEXPIREAT', C, pool.learn_until)
end

-- The reply to a lease id that will never be a lease again; nil for any other.
local function tombstone(id)
  local t = redis.call('ZMSCORE', T, id, id .. SENTINEL)
  if t[1] then return { 'RELEASED' } end
  if t[2] then return { 'EXPIRED' } end
  return nil
end

-- Until when a lease id that is over is remembered: longer than any call that bears it may be under way.
local function remembered_until(pool)
  return pool.n + pool.span + 60000
end

-- Forgets leases and tombstones that are over, a bounded number: housekeeping, nothing counts on it.
local function reap(pool)
  local over = redis.call('ZRANGE', Z, '-inf', pool.n, 'BYSCORE', 'LIMIT', 0, REAP_LIMIT)
  if #over > 0 then
    local tombstones = {}
    for i, id in ipairs(over) do
      tombstones[2 * i - 1] = remembered_until(pool)
      tombstones[2 * i] = id .. SENTINEL
    end
    redis.call('ZADD', T, unpack(tombstones))
    redis.call('ZREM', Z, unpack(over))
    redis.call('HDEL', H, unpack(over))
  end
  local old = redis.call('ZRANGE', T, '-inf', pool.n, 'BYSCORE', 'LIMIT', 0, REAP_LIMIT)
  if #old > 0 then redis.call('ZREM', T, unpack(old)) end
end
