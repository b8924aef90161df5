-- Reads how a pool stands. Changes nothing, and so passes no gate.
--
-- Reply live, waiting, epoch and revision ("" and "" unless it is set up and learns no more), then for each
--   sub-pool that is limited: name, size, live
--@include clock
--@include pool
--@include claims
--@include queue
--@include admission
local f = redis.call('HMGET', M, 'skipped', 'limits', 'epoch', 'revision', 'learn_until', 'incarnation')
local pool = { t = time_ms() - (f[1] or 0), limits = f[2] or '' }
local sure = f[6] and complete() and pool.t >= tonumber(f[5])
local reply = { live_in(pool, Z), redis.call('ZCARD', Q), sure and f[3] or '', sure and f[4] or '' }
for name, size in pairs(limits_of(pool)) do
  reply[#reply + 1] = name
  reply[#reply + 1] = size
  reply[#reply + 1] = live_in(pool, BASE .. name)
end
return reply
