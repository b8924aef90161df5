-- Makes every other change of the vendor's administrators wait until this transaction ends. The
-- trigger that keeps an owner takes the same lock.
select pg_advisory_xact_lock(hashtextextended('leasehold.issuer.administrators', 0))
