-- Counts the entries of a license's ledger that are not in Postgres yet.
--
-- KEYS  1 m of the license
-- Reply how many
--@include ledger
return redis.call('XLEN', ledger_key('e'))
