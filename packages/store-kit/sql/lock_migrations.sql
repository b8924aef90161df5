-- Waits for the right to migrate this database; the session holds it until it ends.
-- The number is arbitrary; every migrator uses the same.
select pg_advisory_lock(7020406214001)
