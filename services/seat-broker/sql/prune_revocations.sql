-- Forgets leases that were taken back and that nobody can hold any more.
-- $1 now
-- No rows.
delete from revocation
where forget_time <= $1::timestamptz;
