-- Reads what a pool that lost its data is to be given back.
-- $1 license
-- None or one row: the epoch, the leases that were taken back, and the borrowed ones (JSON): ends_ms
-- and free_ms are from now, granted_ms since 1970.
select
  lease_epoch,
  array(select lease from revocation where revocation.license = pool.license) as revoked,
  (
    select
      coalesce(
        jsonb_agg(
          jsonb_build_object(
            'lease', lease,
            'claim', claim,
            'fence', fence::text,
            'overdraft', overdraft,
            'installation', installation,
            'holder', holder,
            'granted_ms', floor(extract(epoch from grant_time) * 1000),
            'ends_ms', greatest(0, floor(extract(epoch from end_time - now()) * 1000)),
            'free_ms', floor(extract(epoch from free_time - now()) * 1000)
          )
        ),
        '[]'
      )
    from borrow
    where borrow.license = pool.license and free_time > now()
  ) as borrowed
from pool
where license = $1::uuid;
