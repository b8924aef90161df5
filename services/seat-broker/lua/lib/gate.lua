-- The gate: every script that grants, renews or ends a lease passes it before anything else.
--
-- enter(estimate, known) -> pool, or nil and the reply. `estimate` is what the caller believes this Redis' TIME
-- to be; `known`, "trusted,peak": since what TIME it knows that the clock ran evenly, and what TIME would be
-- if it had not stepped back, 0 if that is passed or it did not. The replies:
--   NOMETA         the pool was never set up here, or its data were lost
--   STALE          its data are of an earlier incarnation
--   LATE           the caller decided too long ago, or the clock stepped forward
--   CLOCK          the clock stepped back
--   FENCED ms      an earlier primary may still be at work for so long
-- No reply of the gate has changed anything but how far the pool has seen the time go on.
--
-- A pool has a time of its own, `seen` less `skipped`, because TIME may step. It goes on as TIME does, save
--   between the last look at the pool and the beginning of what the caller vouches for: nobody knows how long
--     that was, so nothing runs out in it;
--   where TIME is ahead of what the caller believes, and would be counted again when that is put right;
--   where TIME is back behind the last look, and once more when it gets to where it had been (`turned`), be it
--     because it stepped again: some caller may not have noticed either.

-- A step of the clock beyond this, in ms, must be noticed; so must any that the grace does not cover.
local TOLERANCE = 2000

-- How the time of the pool stands at `now`: what m is to remember of it.
local function advance(now, trusted, seen, skipped, turned)
  if turned > 0 and now >= turned - 2 * TOLERANCE then return now, skipped + now - seen, 0 end
  local counts_from = math.min(trusted, now)
  if counts_from > seen then return now, skipped + counts_from - seen, turned end
  if now >= seen then return now, skipped, turned end
  -- Callers do not believe exactly the same.
  if now >= seen - 2 * TOLERANCE then return seen, skipped, turned end
  return now, skipped + now - seen, math.max(turned, seen)
end

local function enter(estimate, known)
  local time = time_ms()
  local f = redis.call('HMGET', M, 'incarnation', 'epoch', 'state', 'seats', 'start', 'end', 'validity',
    'grace', 'fence_until', 'learn_until', 'seen', 'skipped', 'revision', 'overdraft', 'limits', 'restored',
    'drained', 'turned', 'room')
  if not f[1] or not complete() then return nil, { 'NOMETA' } end
  if f[1] ~= this_incarnation() then return nil, { 'STALE' } end
  local pool = {
    time = time,
    epoch = f[2],
    state = f[3],
    seats = tonumber(f[4]),
    starts = tonumber(f[5]),
    ends = tonumber(f[6]),
    validity = tonumber(f[7]),
    grace = tonumber(f[8]),
    learn_until = tonumber(f[10]),
    revision = f[13],
    overdraft = tonumber(f[14]),
    limits = f[15],
    -- Whether it knows again what must outlive its data.
    restored = f[16] == '1',
    drained = f[17] == '1',
    -- For how many seats leases may be there from before the terms were lowered.
    room = tonumber(f[19] or 0),
  }
  -- How long a seat stays taken after its last renewal.
  pool.span = pool.validity + pool.grace
  local ahead = time - tonumber(estimate)
  if ahead > math.min(TOLERANCE, pool.grace) then return nil, { 'LATE' } end
  if ahead < -TOLERANCE then return nil, { 'CLOCK' } end
  local trusted, peak = string.match(known, '^(%d+),(%d+)$')
  pool.trusted = tonumber(trusted)
  local now, seen, skipped, turned = math.min(time, tonumber(estimate)), tonumber(f[11]), tonumber(f[12]),
    tonumber(f[18])
  if tonumber(peak) > now then turned = math.max(turned, tonumber(peak)) end
  seen, skipped, turned = advance(now, pool.trusted, seen, skipped, turned)
  redis.call('HSET', M, 'seen', seen, 'skipped', skipped, 'turned', turned)
  pool.skipped = skipped
  pool.t = seen - skipped
  local fence_until = tonumber(f[9])
  if pool.t < fence_until then return nil, { 'FENCED', fence_until - pool.t } end
  -- While learning, seats are kept for those who prove that they held one.
  pool.learning = pool.t < pool.learn_until
  return pool
end

-- The reply where a key turns out to be lost: the pool is to be set up again.
local function lost()
  redis.call('HDEL', M, 'incarnation')
  return { 'NOMETA' }
end

-- The reply to a lease id that will never be a lease again; nil for any other.
local function tombstone(id)
  local t = redis.call('ZMSCORE', T, id, id .. SENTINEL)
  if t[1] then return { 'RELEASED' } end
  if t[2] then return { 'EXPIRED' } end
  return nil
end

-- How much longer than its holder may rely on it a borrowed seat stays taken: the span of a lease, and a
-- thousandth of the term. For so long nobody compares clocks: the holder's machine may run free, some 100 in a
-- million off, while Redis' or Postgres' host is slewed, up to 500 in a million.
local function borrow_margin(pool, term)
  return pool.span + math.ceil(term / 1000)
end

-- Until when a lease id that is over is remembered: longer than any call that bears it may be under way.
local function remembered_until(pool)
  return pool.t + pool.span + 60000
end

-- Until when it is remembered that a lease which ends at `expiry` was taken back: as long as it may be asked
-- for again, by a token of a time when leases lived longer too.
local function marked_until(pool, expiry)
  return math.max(expiry, pool.learn_until) + remembered_until(pool) - pool.t
end
