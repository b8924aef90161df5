-- The queue of a pool. A waiter is a lease id that wants a seat, and is looked after by whoever asks on
-- its behalf again and again. Orders are epoch * 2^32 + a count, so that whoever comes after a loss of
-- data comes behind those who know their order from before.

-- A waiter that nobody asked for during so many ms is gone: about three calls that did not come.
local PATIENCE = 3000
-- For so many ms an order may be claimed that the queue itself has forgotten.
local CLAIM = 300000

-- Removes waiters that are gone, a bounded number; one that was left over for lack of bounds counts.
local function drop_waiters(n)
  local waiters = redis.call('ZCARD', Q)
  if waiters ~= redis.call('ZCARD', QT) then
    -- Half of the queue was lost. Live waiters come back at once, with the orders that they know.
    redis.call('DEL', Q, QT)
    return
  end
  if waiters == 0 then return end
  -- A deadline too far ahead was set before the clock stepped back.
  for _, range in ipairs({ { '-inf', n }, { '(' .. n + PATIENCE, '+inf' } }) do
    local gone = redis.call('ZRANGE', QT, range[1], range[2], 'BYSCORE', 'LIMIT', 0, REAP_LIMIT)
    if #gone > 0 then
      redis.call('ZREM', QT, unpack(gone))
      redis.call('ZREM', Q, unpack(gone))
    end
  end
end

-- Takes a waiter in, or keeps it for longer. `known` is the order that it had at `known_at`, in ms of
-- TIME; 0 if it had none. Returns its order.
local function keep_waiter(pool, id, known, known_at)
  local order = redis.call('ZSCORE', Q, id)
  if known == 0 or pool.n - known_at > CLAIM then
    order = order or pool.epoch * 2 ^ 32 + redis.call('HINCRBY', M, 'qseq', 1)
  else
    order = math.min(known, tonumber(order or known))
  end
  order = string.format('%.0f', order)
  redis.call('ZADD', Q, order, id)
  redis.call('ZADD', QT, pool.n + PATIENCE, id)
  return order
end

local function remove_waiter(id)
  redis.call('ZREM', Q, id)
  redis.call('ZREM', QT, id)
end

-- How many come before: all waiters, or those ahead if it waits itself.
local function waiters_ahead(id)
  return redis.call('ZRANK', Q, id) or redis.call('ZCARD', Q)
end
