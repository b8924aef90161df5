-- Tells which leases a pool does not know any more. Changes nothing, and so passes no gate.
--
-- ARGV  leases
-- Reply those that are neither live nor left for the reaper; none while the pool is not set up
--@include pool
if not complete() then return {} end
local missing = {}
for i, record in ipairs(redis.call('HMGET', H, unpack(ARGV))) do
  if not record then missing[#missing + 1] = ARGV[i] end
end
return missing
