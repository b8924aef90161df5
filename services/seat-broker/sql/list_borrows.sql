-- The borrowed seats of the next license that has some.
-- $1 license before it
-- None or one row: license, lease_epoch, leases.
select
  license,
  lease_epoch,
  array(select lease from borrow where borrow.license = pool.license) as leases
from pool
where license > $1::uuid and exists (select from borrow where borrow.license = pool.license)
order by license
limit 1;
