-- The queue of a pool. A waiter is a lease id that wants a seat, and is looked after by whoever asks on
-- its behalf again and again. An order is made of the waiter's class, the epoch and a count: a higher class
-- comes first, and whoever comes after a loss of data comes behind those who know their order from before.

-- A waiter that nobody asked for during so many ms is gone: about three calls that did not come.
local PATIENCE = 3000
-- For so many ms an order may be claimed that the queue itself has forgotten.
local CLAIM = 300000
-- Orders are whole numbers below 2^53: 3 bits for the class, 18 for the epoch, 32 for the count.
local TOP_CLASS = 7
local CLASS_WIDTH = 2 ^ 50
local EPOCH_WIDTH = 2 ^ 32

-- Where the orders of a class begin.
local function class_begin(class)
  return (TOP_CLASS - class) * CLASS_WIDTH
end

local function remove_waiters(ids)
  if #ids == 0 or redis.call('ZREM', Q, unpack(ids)) == 0 then return end
  redis.call('ZREM', QT, unpack(ids))
  redis.call('HDEL', W, unpack(ids))
end

-- Removes waiters that are gone, a bounded number; one that was left over for lack of bounds counts.
local function drop_waiters(pool)
  local waiters = redis.call('ZCARD', Q)
  if waiters ~= redis.call('ZCARD', QT) then
    -- Half of the queue was lost. Live waiters come back at once, with the orders that they know.
    redis.call('DEL', Q, QT, W)
    return
  end
  if waiters == 0 then return end
  remove_waiters(redis.call('ZRANGE', QT, '-inf', pool.t, 'BYSCORE', 'LIMIT', 0, REAP_LIMIT))
end

-- Takes a waiter in, or keeps it for longer. `known` is the order that it had at `known_at`, in ms of
-- TIME; 0 if it had none. Returns its order. Whose class has changed comes as early in the new one.
local function keep_waiter(pool, id, class, packed, known, known_at)
  local order = redis.call('ZSCORE', Q, id)
  if known > 0 and pool.time - known_at <= CLAIM then order = math.min(known, tonumber(order or known)) end
  local arrival = order and tonumber(order) % CLASS_WIDTH
    or pool.epoch % 2 ^ 18 * EPOCH_WIDTH + redis.call('HINCRBY', M, 'qseq', 1)
  order = string.format('%.0f', class_begin(class) + arrival)
  redis.call('ZADD', Q, order, id)
  redis.call('ZADD', QT, pool.t + PATIENCE, id)
  if packed ~= '' then redis.call('HSET', W, id, packed) else redis.call('HDEL', W, id) end
  return order
end

-- The orders that come before a waiter, or before somebody of the class who does not wait: up to this one,
-- as a limit of ZRANGE.
local function limit_of(id, class)
  return string.format('(%.0f', tonumber(redis.call('ZSCORE', Q, id) or class_begin(class) + CLASS_WIDTH))
end

-- How many waiters come before.
local function waiters_ahead(limit)
  return redis.call('ZCOUNT', Q, '-inf', limit)
end
