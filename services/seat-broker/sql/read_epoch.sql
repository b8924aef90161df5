-- The epoch of a pool that was taken last.
-- $1 license
-- None or one row: lease_epoch.
select lease_epoch from pool where license = $1::uuid;
