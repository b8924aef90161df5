-- Reads how far the usage of a license is counted, and how many entries it lost.
-- $1 license
-- None or one row: dropped, counted_until; null if nothing was recorded yet.
select
  dropped,
  case when rolled_until < 'infinity' then rolled_until end as counted_until
from usage_ledger
where license = $1::uuid;
