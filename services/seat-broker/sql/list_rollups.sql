-- Lists the quarters of an hour of a license, the earliest first.
-- $1 license  $2 from, $3 until; null for any
-- $4, $5 start and feature of the last one already read; nulls to begin  $6 how many
-- Rows: the columns of usage_rollup.
select *
from usage_rollup
where
  license = $1::uuid
  and ($2::timestamptz is null or start_time >= $2::timestamptz)
  and ($3::timestamptz is null or start_time < $3::timestamptz)
  and ($4::timestamptz is null or (start_time, feature) > ($4::timestamptz, $5::text))
order by start_time, feature
limit $6::integer;
