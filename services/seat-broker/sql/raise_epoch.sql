-- Moves the epoch of a pool beyond one that was taken although the database does not know it, and so far beyond that
-- neither is any other one taken again that it does not know. A pool takes one for each loss of its data.
-- $1 license  $2 the epoch that was taken
-- None or one row: what the database knew.
with known as (
  select license, lease_epoch from pool where license = $1::uuid and lease_epoch < $2::bigint for update
)
update pool
set lease_epoch = $2::bigint + 1000
from known
where pool.license = known.license
returning known.lease_epoch;
