-- Makes every other issuer that opens the key ring wait until this transaction ends.
select pg_advisory_xact_lock(hashtextextended('leasehold.issuer.key_ring', 0))
