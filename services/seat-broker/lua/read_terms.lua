-- Reads the terms in force. Changes nothing, and so passes no gate.
--
-- ARGV  names of the fields wanted
-- Reply their values in that order, or nothing if the pool is not set up.
--@include pool
if redis.call('HEXISTS', M, 'incarnation') == 0 then return {} end
return redis.call('HMGET', M, unpack(ARGV))
