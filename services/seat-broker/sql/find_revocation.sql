-- Whether a lease was taken back.
-- $1 license  $2 lease
-- None or one row: immediate.
select immediate
from revocation
where license = $1::uuid and lease = $2::text;
