-- Takes a license whose usage is not counted up to a time, and is nobody else's at work, for the
-- transaction: the one that is furthest behind.
-- $1 a quarter of an hour
-- None or one row: license, from and until (an hour later at most) when to count.
select
  license,
  rolled_until as "from",
  least(rolled_until + interval '1 hour', $1::timestamptz) as until
from usage_ledger
where rolled_until < $1::timestamptz
order by rolled_until
limit 1
for update skip locked;
