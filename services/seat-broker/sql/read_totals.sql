-- Reads for how long each user, host and feature held seats within a span: the 100 largest of each kind.
-- $1 license  $2 feature that the sessions used, '' for all  $3 from, $4 until (not later than now)
-- Rows, the largest first: kind (user, host or feature), key, seat_ms, sessions.
with session as (
  select
    user_name, host, features, seats, coalesce(nullif(unit, ''), lease::text) as unit,
    tstzrange(
      greatest(granted_time, $3::timestamptz), least(coalesce(ended_time, 'infinity'), $4::timestamptz)
    ) as time
  from usage_session
  where
    license = $1::uuid
    and granted_time < $4::timestamptz
    and (ended_time is null or ended_time >= greatest(granted_time, $3::timestamptz))
    and ($2::text = '' or $2::text = any (features))
),
held as (
  select kind, key, count(*) as sessions, max(seats) as seats, range_agg(time) as times
  from session
  cross join lateral (
    select 'user' as kind, user_name as key
    union all
    select 'host', host
    union all
    select 'feature', unnest(features)
  ) as keys
  group by kind, key, unit
),
total as (
  select
    kind, key,
    sum(sessions)::integer as sessions,
    sum(
      seats * (
        select coalesce(sum(extract(epoch from upper(time) - lower(time))), 0) * 1000
        from unnest(times) as time
      )
    )::bigint as seat_ms
  from held
  group by kind, key
),
ranked as (
  select *, row_number() over (partition by kind order by seat_ms desc, key) as rank
  from total
)
select kind, key, seat_ms, sessions
from ranked
where rank <= 100
order by kind, rank;
