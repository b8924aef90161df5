-- Gives a place in the queue up. No gate: whoever waits still is back, in its order, at the next call.
--
-- ARGV  1 lease
-- Reply OK
--@include pool
--@include claims
--@include queue
remove_waiters({ ARGV[1] })
return { 'OK' }
