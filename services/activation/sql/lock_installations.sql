-- Takes the lock of a license's installations for this transaction: whoever counts them to enter a
-- further one holds it, so that what was counted still holds at the commit.
-- $1 license. One row.
select pg_advisory_xact_lock(hashtextextended('installations of ' || $1::text, 0))
