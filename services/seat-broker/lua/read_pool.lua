-- Reads how a pool stands. Changes nothing, and so passes no gate.
--
-- Reply live, waiting, epoch and revision ("" and "" unless it is set up, learns no more, and what is not live
--   will never be again), then for each sub-pool that is limited: name, size, live
--@include clock
--@include pool
--@include claims
--@include queue
--@include admission
local f = redis.call('HMGET', M, 'skipped', 'limits', 'epoch', 'revision', 'learn_until', 'incarnation', 'seen')
local pool = { t = time_ms() - (f[1] or 0), limits = f[2] or '' }
local looked_at = (f[7] or 0) - (f[1] or 0)

-- Whether units ran out since the pool was looked at last: whoever looks next may find that its time stood still.
local function wavers(key)
  return redis.call('ZCOUNT', key, '(' .. looked_at, pool.t) > 0
end

local sure = f[6] and complete() and pool.t >= tonumber(f[5]) and not wavers(Z)
for name in pairs(limits_of(pool)) do sure = sure and not wavers(BASE .. name) end
local reply = { live_in(pool, Z), redis.call('ZCARD', Q), sure and f[3] or '', sure and f[4] or '' }
for name, size in pairs(limits_of(pool)) do
  reply[#reply + 1] = name
  reply[#reply + 1] = size
  reply[#reply + 1] = live_in(pool, BASE .. name)
end
return reply
