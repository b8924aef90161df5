-- Reads how a pool stands, for the metrics. Changes nothing, and so passes no gate.
--
-- Reply live, seats with overdraft, waiting, 1 while it learns else 0, since how many ms the lease that ran out first
--   is over and not ended yet (0 if there is none), entries in the ledger; or nothing if the pool is not set up here.
--@include clock
--@include pool
--@include ledger
--@include claims
--@include queue
--@include admission
local f = redis.call('HMGET', M, 'incarnation', 'skipped', 'seats', 'overdraft', 'learn_until')
if not f[1] or not complete() or f[1] ~= this_incarnation() then return {} end
local pool = { t = time_ms() - (f[2] or 0) }
local first = redis.call('ZRANGE', Z, 0, 0, 'WITHSCORES')
local ends = first[2] and tonumber(first[2]) or math.huge
return {
  live_in(pool, Z),
  (tonumber(f[3]) or 0) + (tonumber(f[4]) or 0),
  redis.call('ZCARD', Q),
  pool.t < (tonumber(f[5]) or 0) and 1 or 0,
  ends < pool.t and math.floor(pool.t - ends) or 0,
  redis.call('XLEN', ledger_key('e')),
}
