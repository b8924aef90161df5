-- Records a denial that was decided without a script: the holder is excluded, a feature not licensed.
-- Decides nothing, and so passes no gate.
--
-- ARGV  1 lease   2.. fields of the denial, as lib/ledger.lua lists them, but live and waiting: field, value, …
-- Reply OK; NOMETA if the pool was never set up here.
--@include clock
--@include pool
--@include ledger
local f = redis.call('HMGET', M, 'epoch', 'skipped')
if not f[1] then return { 'NOMETA' } end
local time = time_ms()
local live = redis.call('ZCOUNT', Z, '(' .. time - (f[2] or 0), '(inf')
record_denial(f[1], time, ARGV[1], 'live', live, 'waiting', redis.call('ZCARD', Q), unpack(ARGV, 2))
return { 'OK' }
