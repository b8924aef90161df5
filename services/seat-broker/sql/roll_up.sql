-- Counts the usage of a license, of each quarter of an hour of a span: of the pool ('') and of each
-- feature. What was counted before is replaced, but for the seats that the license had then.
-- $1 license  $2 from, $3 until: quarters of an hour
-- No rows.
with session as (
  select
    feature, coalesce(nullif(unit, ''), lease::text) as unit, seats, granted_time, live,
    coalesce(ended_time, 'infinity') as ended_time
  from usage_session, unnest(array[''] || features) as feature
  where
    license = $1::uuid
    and granted_time < $3::timestamptz
    and (ended_time is null or ended_time >= $2::timestamptz)
),
-- Sessions of one unit have its seats together, one after the other or at a time.
held as (
  select feature, seats, unnest(times) as time
  from (
    select feature, max(seats) as seats, range_agg(tstzrange(granted_time, ended_time)) as times
    from session
    group by feature, unit
  ) as by_unit
),
-- Seats that change hands within an instant are never live twice.
change as (
  select feature, at, sum(seats) as by
  from (
    select feature, lower(time) as at, seats from held
    union all
    select feature, upper(time), -seats from held
  ) as both_ends
  group by feature, at
),
level as (
  select
    feature, at,
    sum(by) over (partition by feature order by at) as live,
    lead(at, 1, 'infinity') over (partition by feature order by at) as next
  from change
),
held_seats as (
  select
    feature, start, max(live) as peak,
    sum(
      live * extract(
        epoch from least(next, start + interval '15 minutes') - greatest(at, start)
      ) * 1000
    ) as seat_ms
  from level
  -- The quarters of an hour that the level lasted in.
  cross join lateral generate_series(
    date_bin('15 minutes', greatest(at, $2::timestamptz), timestamptz 'epoch'),
    least(next, $3::timestamptz) - interval '1 microsecond',
    interval '15 minutes'
  ) as start
  where at < $3::timestamptz and next > $2::timestamptz
  group by feature, start
),
granted as (
  select
    feature, date_bin('15 minutes', granted_time, timestamptz 'epoch') as start, count(*) as grants,
    -- As Redis counted: it knew of sessions whose entries were lost.
    max(live) filter (where feature = '') as peak
  from session
  where granted_time >= $2::timestamptz
  group by 1, 2
),
denied as (
  select
    f.feature, date_bin('15 minutes', first_time, timestamptz 'epoch') as start,
    count(*) as denials, count(*) filter (where outcome = 'TRUE') as true_denials
  from usage_denial as d
  cross join unnest(
    case when d.feature = '' then array[''] else array['', d.feature] end
  ) as f (feature)
  where
    license = $1::uuid
    and first_time >= $2::timestamptz
    and first_time < $3::timestamptz
  group by 1, 2
),
counted as (
  select feature, start_time as start from usage_rollup
  where
    license = $1::uuid
    and start_time >= $2::timestamptz
    and start_time < $3::timestamptz
),
everything as (
  select feature, start from held_seats
  union
  select feature, start from granted
  union
  select feature, start from denied
  union
  select feature, start from counted
)
insert into usage_rollup (
  license, feature, start_time, peak, seat_ms, seats, grants, denials, true_denials
)
select
  $1::uuid, feature, start,
  greatest(held_seats.peak, granted.peak, 0),
  coalesce(held_seats.seat_ms, 0),
  case when feature = '' then coalesce((select seats from pool where license = $1::uuid), 0) else 0 end,
  coalesce(grants, 0), coalesce(denials, 0), coalesce(true_denials, 0)
from everything
left join held_seats using (feature, start)
left join granted using (feature, start)
left join denied using (feature, start)
-- An empty pool between two sessions is a level too, but nothing to tell of.
where
  held_seats.peak > 0 or grants > 0 or denials > 0
  or (feature, start) in (select feature, start from counted)
on conflict (license, feature, start_time) do update
set
  peak = excluded.peak,
  seat_ms = excluded.seat_ms,
  grants = excluded.grants,
  denials = excluded.denials,
  true_denials = excluded.true_denials;
