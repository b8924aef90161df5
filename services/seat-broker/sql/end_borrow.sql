-- Forgets a borrowed seat.
-- $1 license  $2 lease
-- No rows.
delete from borrow where license = $1::uuid and lease = $2::text;
