-- Keeps a borrowed seat, or keeps it for longer, unless its pool was set up anew since the epoch
-- was read. Setting one up waits for the lock that this takes.
-- $1 license  $2 epoch  $3 lease  $4 claim  $5 fence  $6 overdraft  $7 installation  $8 holder (JSON text)
-- $9 grant time  $10 in how many ms it ends  $11 in how many ms the seat is free
-- None or one row: lease.
insert into borrow (
  license, lease, claim, fence, overdraft, installation, holder, grant_time, end_time, free_time
)
select
  license, $3::text, $4::text, $5::bigint, $6::boolean, $7::uuid, $8::jsonb, $9::timestamptz,
  now() + $10::bigint * interval '1 millisecond', now() + $11::bigint * interval '1 millisecond'
from pool
where license = $1::uuid and lease_epoch = $2::bigint
for share
on conflict (license, lease) do update
set
  end_time = greatest(borrow.end_time, excluded.end_time),
  free_time = greatest(borrow.free_time, excluded.free_time)
returning lease;
