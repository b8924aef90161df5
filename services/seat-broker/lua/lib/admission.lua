-- Whether a claim finds what it wants: seats, and its part of each sub-pool, all or nothing.
--
-- What those want who wait in front is set aside for them first, as far as it is there: so whoever comes next
-- cannot take it bit by bit, and the first in the queue is never passed over for ever. Who waits for a feature
-- that is not there has no seats set aside meanwhile: a seat becomes free along with the feature.

-- So many of those in front are looked at; of each one behind them it is supposed that it wants a seat.
local FRONT = 100
-- Who shares a seat finds no more room for itself than for so many leases.
local SHARE_LIMIT = 1000

-- name of the sub-pool -> its size; "f:…" no more than so many, "g:…" so many are kept. Packed "name=size,…".
local function limits_of(pool)
  local limits = {}
  for name, size in string.gmatch(pool.limits, '([^=,]+)=(%d+)') do limits[name] = tonumber(size) end
  return limits
end

-- How many units of a pool or sub-pool are live. Whatever the reaper left over does not count.
local function live_in(pool, key)
  return redis.call('ZCOUNT', key, '(' .. pool.t, '(inf')
end

-- How many units of a lease that is not live are not in a pool or sub-pool yet.
local function missing(pool, key, claim)
  if not claim.unit then return claim.seats end
  local expiry = redis.call('ZSCORE', key, claim.unit)
  return expiry and tonumber(expiry) > pool.t and 0 or 1
end

-- What is free. The features are looked at when somebody asks for them.
local function room_of(pool)
  local room = { pool = pool, limits = limits_of(pool), kept = {}, features = {} }
  room.seats = pool.seats + pool.overdraft - live_in(pool, Z)
  for name, size in pairs(room.limits) do
    if string.sub(name, 1, 2) == 'g:' then room.kept[name] = math.max(0, size - live_in(pool, BASE .. name)) end
  end
  return room
end

-- How many more may be in the sub-pool of a feature; nil if there is no limit.
local function free_of(room, name)
  local size = room.limits[name]
  if not size or string.sub(name, 1, 2) == 'g:' then return nil end
  local free = room.features[name] or math.max(0, size - live_in(room.pool, BASE .. name))
  room.features[name] = free
  return free
end

-- How many seats there are for members of a group, or for anybody.
local function seats_for(room, group)
  local seats = room.seats
  for name, kept in pairs(room.kept) do
    if name ~= group then seats = seats - kept end
  end
  return math.max(0, seats)
end

-- Sets aside what somebody wants, as far as it is there.
local function set_aside(room, seats, claim)
  local had = seats
  for _, name in ipairs(claim.pools) do
    local free = free_of(room, name)
    if free then
      had = math.min(had, free)
      room.features[name] = math.max(0, free - seats)
    end
  end
  had = math.min(had, seats_for(room, claim.group))
  room.seats = room.seats - had
  if room.kept[claim.group] then
    room.kept[claim.group] = math.max(0, room.kept[claim.group] - had)
  end
end

-- Sets aside what those want whose orders are within the limit.
local function set_aside_for_waiters(room, limit)
  local ahead = waiters_ahead(limit)
  if ahead == 0 then return end
  local front = redis.call('EXISTS', W) == 1
    and redis.call('ZRANGE', Q, '-inf', limit, 'BYSCORE', 'LIMIT', 0, FRONT) or {}
  if #front > 0 then
    for _, packed in ipairs(redis.call('HMGET', W, unpack(front))) do
      local claim = claim_of(packed)
      set_aside(room, claim.seats, claim)
    end
  end
  if ahead > #front then set_aside(room, ahead - #front, ORDINARY) end
end

-- Whether a key that the decision depends on was emptied behind our back.
local function any_lost(pool, claim)
  for name in pairs(limits_of(pool)) do
    if string.sub(name, 1, 2) == 'g:' and is_lost(name) then return true end
  end
  return any_lost_of(claim)
end

-- How many units a claim needs: seats, and of each sub-pool.
local function needs_of(pool, claim)
  local need = { seats = missing(pool, Z, claim), pools = {} }
  for _, name in ipairs(claim.pools) do need.pools[name] = missing(pool, BASE .. name, claim) end
  return need
end

-- What is not there that is needed: nil if nothing, else the name of a feature's sub-pool, or "" for seats.
local function short_of(room, need, claim)
  for _, name in ipairs(claim.pools) do
    local free = free_of(room, name)
    if free and need.pools[name] > free then return name end
  end
  if need.seats > seats_for(room, claim.group) then return '' end
end

-- What a claim must wait for: nil if for nothing, else as short_of. The orders within the limit come before it.
-- The second tells whether it would have more than the license's seats.
local function lacking(pool, claim, limit)
  for _, name in ipairs(claim.pools) do remove_over(BASE .. name, pool.t) end
  if claim.sharers then
    bury(pool, remove_over(BASE .. claim.sharers, pool.t))
    if redis.call('ZCARD', BASE .. claim.sharers) > SHARE_LIMIT then return '' end
  end
  local need, room = needs_of(pool, claim), room_of(pool)
  local beyond = need.seats > math.max(0, room.seats - pool.overdraft)
  local lack = short_of(room, need, claim)
  if lack then return lack end
  set_aside_for_waiters(room, limit)
  return short_of(room, need, claim), beyond
end

-- In how many ms what a claim lacks may change by itself.
local function next_change(pool, name)
  local next = redis.call('ZRANGE', name == '' and Z or BASE .. name, '(' .. pool.t, '(inf', 'BYSCORE',
    'LIMIT', 0, 1, 'WITHSCORES')
  return tonumber(next[2] or pool.t) - pool.t
end
