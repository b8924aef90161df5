-- Takes leases back into a pool that lost its data, by the tokens that their holders presented and
-- the caller has verified. Only while learning, when no seat of theirs can have been granted again.
--
-- ARGV  1 estimate of TIME in ms   2 what is known of the clock
--       3.. for each lease: lease, installation, fence, claim, expiry of the token in ms of TIME
-- Reply as renew_seats, or UNRESTORED: restore_pool must be called first.
--@include clock
--@include pool
--@include gate
--@include ledger
--@include claims
--@include holding
--@include queue
--@include admission
local pool, refusal = enter(ARGV[1], ARGV[2])
if not pool then return refusal end
if pool.learning and not pool.restored then return { 'UNRESTORED' } end

-- Whether a token ran out. One from before the caller vouches for the clock was made by another time, maybe.
local function ran_out(token_expiry)
  return token_expiry <= pool.time and token_expiry - pool.span >= pool.trusted
end

-- Whether a lease that is not live may come back; `buried`, whether it is known to be over. A token that ran out may
-- stand for a seat that was somebody else's before the loss.
local function may_return(token_expiry, buried)
  return pool.learning and not ran_out(tonumber(token_expiry)) and not buried
end

-- The most seats there are: before the terms were lowered there may have been more.
local most = math.max(pool.seats + pool.overdraft, pool.room)

-- Whether there is room for what a lease had. What is kept for groups does not count: it had its seats before.
local function fits(claim)
  local room = room_of(pool)
  room.kept = {}
  room.seats = room.seats + most - pool.seats - pool.overdraft
  return not short_of(room, needs_of(pool, claim), claim)
end

-- What h holds of a lease that comes back; `before`, what it held before the loss, false if that is not known.
local function written_of(before, fence, installation)
  return before or table.concat({ fence, pool.time, installation, '', '' }, '|')
end

-- nil where a key that it depends on was emptied.
local function admit(id, installation, fence, packed, token_expiry)
  if redis.call('ZSCORE', X, id) then return 'R' end
  local claim = claim_of(packed)
  if any_lost_of(claim) then return nil end
  local expiry = expiry_of(id, claim)
  if not expiry or expiry <= pool.t then
    if not may_return(token_expiry, tombstone(id)) or not fits(claim) then return '0' end
    take(id, packed, claim, pool.t + pool.span)
    local written = written_of(redis.call('HGET', O, id), fence, installation)
    redis.call('HSET', H, id, written)
    record_holding(pool, 'readmit', id, packed, written)
  end
  hold(id, claim, pool.t + pool.span)
  return '1'
end

-- The same for leases of one seat of its own each, which most are, none of them twice: Redis is asked about all
-- of them at once, and told of all at once. Appends what became of them.
local function admit_ordinary(leases, outcomes)
  if #leases == 0 then return end
  local ids, buried = {}, {}
  for i, lease in ipairs(leases) do
    ids[i] = lease.id
    buried[i] = lease.id .. SENTINEL
  end
  local revoked, expiries = redis.call('ZMSCORE', X, unpack(ids)), redis.call('ZMSCORE', Z, unpack(ids))
  local released, expired = redis.call('ZMSCORE', T, unpack(ids)), redis.call('ZMSCORE', T, unpack(buried))
  local before = redis.call('HMGET', O, unpack(ids))
  local live, held, facts = live_in(pool, Z), {}, {}
  for i, lease in ipairs(leases) do
    local outcome = '1'
    if revoked[i] then
      outcome = 'R'
    elseif not expiries[i] or tonumber(expiries[i]) <= pool.t then
      if not may_return(lease.token_expiry, released[i] or expired[i]) or live >= most then
        outcome = '0'
      else
        live = live + 1
        local written = written_of(before[i], lease.fence, lease.installation)
        facts[#facts + 1] = lease.id
        facts[#facts + 1] = written
        record_holding(pool, 'readmit', lease.id, '', written, live)
      end
    end
    if outcome == '1' then
      held[#held + 1] = pool.t + pool.span
      held[#held + 1] = lease.id
    end
    outcomes[#outcomes + 1] = outcome
  end
  if #facts > 0 then redis.call('HSET', H, unpack(facts)) end
  if #held > 0 then redis.call('ZADD', Z, 'GT', unpack(held)) end
end

local function all_revoked()
  return string.rep('R', (#ARGV - 2) / 5)
end

local function admit_all()
  local outcomes, ordinary, seen = {}, {}, {}
  for i = 3, #ARGV, 5 do
    local id, installation, fence, packed, token_expiry = unpack(ARGV, i, i + 4)
    if packed ~= '' or seen[id] then
      admit_ordinary(ordinary, outcomes)
      ordinary = {}
      local outcome = admit(id, installation, fence, packed, token_expiry)
      if not outcome then return nil end
      outcomes[#outcomes + 1] = outcome
    else
      ordinary[#ordinary + 1] =
        { id = id, installation = installation, fence = fence, token_expiry = token_expiry }
    end
    seen[id] = true
  end
  admit_ordinary(ordinary, outcomes)
  return table.concat(outcomes)
end

local outcomes = unusable(pool, pool.time) and all_revoked() or admit_all()
if not outcomes then return lost() end
return { 'OK', pool.time, pool.validity, pool.grace, pool.epoch, outcomes }
