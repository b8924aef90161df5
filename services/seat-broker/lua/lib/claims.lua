-- What leases take. A packed claim is "seats,share,group,feature,feature,…"; "" is one seat of its own and
-- nothing else, which most leases are.

local ORDINARY = { seats = 1, pools = {} }

-- seats; pools: the names of the sub-pools that each of its units is in; group: the one of them that keeps seats;
-- for a seat that is shared: unit, and sharers, the name of the set of the leases that have it together
local function claim_of(packed)
  if not packed or packed == '' then return ORDINARY end
  local parts = {}
  for part in string.gmatch(packed .. ',', '([^,]*),') do parts[#parts + 1] = part end
  local claim = { seats = tonumber(parts[1]), pools = {} }
  if parts[2] ~= '' then claim.unit, claim.sharers = '@' .. parts[2], 'u:' .. parts[2] end
  if parts[3] ~= '' then
    claim.group = 'g:' .. parts[3]
    claim.pools[1] = claim.group
  end
  for i = 4, #parts do claim.pools[#claim.pools + 1] = 'f:' .. parts[i] end
  return claim
end

local function units_of(id, claim)
  if claim.unit then return { claim.unit } end
  local units = { id }
  for i = 2, claim.seats do units[i] = id .. '#' .. i end
  return units
end

-- When a lease runs out; false if there is none.
local function expiry_of(id, claim)
  local expiry = redis.call('ZSCORE', claim.sharers and BASE .. claim.sharers or Z, id)
  return expiry and tonumber(expiry)
end

-- What is known of a lease: its claim, packed, and when it runs out, false if there is none. The third tells
-- that there is one, but the set that had its expiry was emptied behind our back.
local function find(id)
  local packed = redis.call('HGET', S, id) or ''
  local expiry = expiry_of(id, claim_of(packed))
  return packed, expiry, packed ~= '' and not expiry
end

-- Whether a sub-pool, or a set of sharers, was emptied behind our back.
local function is_lost(name)
  return not redis.call('ZSCORE', BASE .. name, SENTINEL) and redis.call('SISMEMBER', D, name) == 1
end

local function any_lost_of(claim)
  for _, name in ipairs(claim.pools) do
    if is_lost(name) then return true end
  end
  return claim.sharers and is_lost(claim.sharers)
end

local function begin(name)
  if redis.call('SADD', D, name) == 1 then redis.call('ZADD', BASE .. name, 'inf', SENTINEL) end
end

-- When a lease runs out unless it is renewed; nil if there is none. While learning, one that is not known may
-- only not be back yet.
local function end_of(pool, id)
  local expiry = expiry_of(id, claim_of(redis.call('HGET', S, id)))
  if expiry and expiry > pool.t then return expiry end
  if pool.learning and not tombstone(id) then return math.max(pool.t + pool.span, pool.learn_until) end
  return nil
end

-- Takes the units of a lease, or keeps them for longer. Never shortens.
local function hold(id, claim, expiry)
  local scored = {}
  for _, unit in ipairs(units_of(id, claim)) do
    scored[#scored + 1] = expiry
    scored[#scored + 1] = unit
  end
  redis.call('ZADD', Z, 'GT', unpack(scored))
  for _, name in ipairs(claim.pools) do redis.call('ZADD', BASE .. name, 'GT', unpack(scored)) end
  if claim.sharers then redis.call('ZADD', BASE .. claim.sharers, 'GT', expiry, id) end
end

-- Takes the units of a lease that had none.
local function take(id, packed, claim, expiry)
  for _, name in ipairs(claim.pools) do begin(name) end
  if claim.sharers then begin(claim.sharers) end
  if packed ~= '' then redis.call('HSET', S, id, packed) end
  hold(id, claim, expiry)
end

-- Removes a set of sharers.
local function end_sharing(sharers)
  redis.call('DEL', BASE .. sharers)
  redis.call('SREM', D, sharers)
end

-- Lets a shared unit go as far as no other lease keeps it. The leases that ran out keep it too, for no longer
-- than they did: reap looks after them.
local function settle_share(claim)
  local latest = { [Z] = 0 }
  for _, name in ipairs(claim.pools) do latest[BASE .. name] = 0 end
  local left = redis.call('ZRANGE', BASE .. claim.sharers, '-inf', '(inf', 'BYSCORE', 'WITHSCORES')
  for i = 1, #left, 2 do
    local expiry = tonumber(left[i + 1])
    latest[Z] = math.max(latest[Z], expiry)
    for _, name in ipairs(claim_of(redis.call('HGET', S, left[i])).pools) do
      local key = BASE .. name
      if latest[key] then latest[key] = math.max(latest[key], expiry) end
    end
  end
  if #left == 0 then end_sharing(claim.sharers) end
  for key, expiry in pairs(latest) do
    if expiry > 0 then
      redis.call('ZADD', key, 'XX', expiry, claim.unit)
    else
      redis.call('ZREM', key, claim.unit)
    end
  end
end

-- Tells the ledger that a lease is over since `at`, in pool time.
local function record_end(pool, id, at, reason)
  if redis.call('ZSCORE', X, id) then reason = 'REVOKED' end
  record(pool.epoch, 'end', at - pool.t + pool.time, id, 'reason', reason)
end

-- Frees what a lease takes.
local function let_go(pool, id, reason)
  -- While learning, one that is not back yet is over too.
  if redis.call('HEXISTS', H, id) == 1 or pool.learning and not tombstone(id) then
    record_end(pool, id, pool.t, reason)
  end
  local claim = claim_of(redis.call('HGET', S, id))
  if claim.sharers then
    redis.call('ZREM', BASE .. claim.sharers, id)
    settle_share(claim)
  else
    local units = units_of(id, claim)
    redis.call('ZREM', Z, unpack(units))
    for _, name in ipairs(claim.pools) do redis.call('ZREM', BASE .. name, unpack(units)) end
  end
  redis.call('HDEL', S, id)
  redis.call('HDEL', H, id)
  redis.call('ZREM', X, id)
end

-- The leases that share a unit, each with an expiry behind it, also where the set of them was emptied.
local function sharers_of(unit, sharers, expiry)
  if not is_lost(sharers) then
    return redis.call('ZRANGE', BASE .. sharers, '-inf', '(inf', 'BYSCORE', 'WITHSCORES')
  end
  local leases, claims = {}, redis.call('HGETALL', S)
  for i = 1, #claims, 2 do
    if claim_of(claims[i + 1]).unit == unit then
      leases[#leases + 1] = claims[i]
      leases[#leases + 1] = expiry
    end
  end
  return leases
end

-- The leases of units that are over, each with its expiry behind it.
local function leases_of(units)
  local leases = {}
  for i = 1, #units, 2 do
    local unit, expiry = units[i], units[i + 1]
    if string.sub(unit, 1, 1) == '@' then
      local sharers = 'u:' .. string.sub(unit, 2)
      for _, text in ipairs(sharers_of(unit, sharers, expiry)) do leases[#leases + 1] = text end
      end_sharing(sharers)
    elseif not string.find(unit, '#', 1, true) then
      leases[#leases + 1] = unit
      leases[#leases + 1] = expiry
    end
  end
  return leases
end

-- Removes members that are over from a zset, a bounded number; returns each with its score behind it.
local function remove_over(key, t)
  local over = redis.call('ZRANGE', key, '-inf', t, 'BYSCORE', 'LIMIT', 0, REAP_LIMIT, 'WITHSCORES')
  for i = 1, #over, 2 do redis.call('ZREM', key, over[i]) end
  return over
end

-- Lets leases that ran out be what they are for good. Each has its expiry behind it.
local function bury(pool, leases)
  for i = 1, #leases, 2 do
    local id = leases[i]
    record_end(pool, id, tonumber(leases[i + 1]), 'EXPIRED')
    redis.call('ZADD', T, remembered_until(pool), id .. SENTINEL)
    redis.call('HDEL', H, id)
    redis.call('HDEL', S, id)
  end
end

-- Forgets leases, tombstones and marks that are over, a bounded number: housekeeping, nothing counts on it.
-- What is left over of them in sub-pools is removed when somebody wants to be in those.
local function reap(pool)
  bury(pool, leases_of(remove_over(Z, pool.t)))
  remove_over(T, pool.t)
  remove_over(X, pool.t)
end
