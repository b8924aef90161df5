-- Keeps that a license has no leases beyond its seats any more, unless its terms or its set-up
-- are others by now.
-- $1 license  $2 epoch  $3 revision
-- No rows.
update pool
set room = seats + coalesce((seat_policy ->> 'overdraft')::integer, 0)
where license = $1::uuid and lease_epoch = $2::bigint and revision = $3::bigint;
