-- Acknowledges entries of a license's ledger and deletes them: they are in Postgres.
--
-- KEYS  1 m of the license
-- ARGV  ids of entries
-- Reply how many entries are left
--@include ledger
local stream = ledger_key('e')
if redis.call('EXISTS', stream) == 0 then return 0 end
redis.call('XACK', stream, 'ledger', unpack(ARGV))
redis.call('XDEL', stream, unpack(ARGV))
return redis.call('XLEN', stream)
