-- Forgets borrowed seats that their pool does not know, unless it was set up anew since they were read.
-- $1 license  $2 epoch  $3 leases
-- No rows.
delete from borrow
using pool
where
  borrow.license = $1::uuid and borrow.lease = any($3::text [])
  and pool.license = borrow.license and pool.lease_epoch = $2::bigint;
