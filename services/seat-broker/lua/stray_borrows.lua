-- Tells which leases that are kept as borrowed ones a pool does not know: their holders have no right to them.
-- Changes nothing, and so passes no gate.
--
-- ARGV  1 the epoch that was taken last when the leases were read   2.. leases, at most 250
-- Reply those that are not there; none unless the pool was set up under that epoch, and given back what it lost
--@include pool
local known = redis.call('HMGET', M, 'epoch', 'restored')
if not complete() or known[1] ~= ARGV[1] or known[2] ~= '1' then return {} end
local stray = {}
for i, record in ipairs(redis.call('HMGET', H, unpack(ARGV, 2))) do
  if not record then stray[#stray + 1] = ARGV[i + 1] end
end
return stray
