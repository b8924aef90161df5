-- Reads the usage of a pool or a feature over time.
-- $1 license  $2 feature, '' for the pool  $3 from, $4 until: whole spans  $5 length of a span in ms
-- Rows in the order of time: start_time, peak, seat_ms, seats, grants, denials, true_denials.
select
  date_bin($5::bigint * interval '1 millisecond', start_time, timestamptz 'epoch') as start_time,
  max(peak) as peak,
  sum(seat_ms)::bigint as seat_ms,
  max(seats) as seats,
  sum(grants)::integer as grants,
  sum(denials)::integer as denials,
  sum(true_denials)::integer as true_denials
from usage_rollup
where
  license = $1::uuid
  and feature = $2::text
  and start_time >= $3::timestamptz
  and start_time < $4::timestamptz
group by 1
order by 1;
