-- Keeps leases as batches of entries left them; each stands in them once. What is unknown now may be
-- known from before.
-- $1 JSON list of objects with the columns of usage_session, features as a list
-- No rows.
insert into usage_session (
  license, lease, epoch, fence, installation, user_name, host, process, application_version, address,
  seats, features, unit, overdraft, borrowed, live, granted_time, ended_time, end_reason
)
select
  license, lease, epoch, fence, installation, user_name, host, process, application_version, address,
  seats, features, unit, overdraft, borrowed, live, granted_time, ended_time, end_reason
from jsonb_to_recordset($1::jsonb) as given (
  license uuid, lease uuid, epoch bigint, fence bigint, installation uuid, user_name text, host text,
  process text, application_version text, address text, seats integer, features text[], unit text,
  overdraft boolean, borrowed boolean, live integer, granted_time timestamptz,
  ended_time timestamptz, end_reason text
)
on conflict (license, lease) do update
set
  epoch = excluded.epoch,
  fence = excluded.fence,
  installation = excluded.installation,
  user_name = coalesce(nullif(excluded.user_name, ''), usage_session.user_name),
  host = coalesce(nullif(excluded.host, ''), usage_session.host),
  process = coalesce(nullif(excluded.process, ''), usage_session.process),
  application_version
    = coalesce(nullif(excluded.application_version, ''), usage_session.application_version),
  address = coalesce(nullif(excluded.address, ''), usage_session.address),
  seats = excluded.seats,
  features = excluded.features,
  unit = excluded.unit,
  overdraft = excluded.overdraft,
  borrowed = excluded.borrowed,
  live = coalesce(nullif(usage_session.live, 0), excluded.live),
  granted_time = least(usage_session.granted_time, excluded.granted_time),
  ended_time = excluded.ended_time,
  end_reason = excluded.end_reason;
