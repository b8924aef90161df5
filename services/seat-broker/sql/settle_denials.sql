-- Tells what came of denials that were first refused within a span which was over long enough ago.
-- A holder is an installation, a user and a host.
-- $1 license  $2 from, $3 until  $4 the window in ms
-- No rows.
with verdict as (
  select
    d.lease,
    (
      select min(s.granted_time)
      from usage_session as s
      where
        s.license = d.license
        and s.installation = d.installation
        and s.user_name = d.user_name
        and s.host = d.host
        and s.granted_time >= d.first_time
        and s.granted_time < d.first_time + $4::integer * interval '1 millisecond'
    ) as granted_time,
    exists (
      select from usage_denial as e
      where
        e.license = d.license
        and e.installation = d.installation
        and e.user_name = d.user_name
        and e.host = d.host
        and (e.first_time, e.lease) < (d.first_time, d.lease)
        and e.first_time > d.first_time - $4::integer * interval '1 millisecond'
    ) as repeated
  from usage_denial as d
  where
    d.license = $1::uuid
    and d.first_time >= $2::timestamptz
    and d.first_time < $3::timestamptz
)
update usage_denial as d
set
  granted_time = v.granted_time,
  outcome = case
    when v.granted_time is not null then 'SERVED'
    when v.repeated then 'RETRY'
    else 'TRUE'
  end
from verdict as v
where d.license = $1::uuid and d.lease = v.lease;
