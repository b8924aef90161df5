-- Adds denials; each lease stands in them once.
-- $1 JSON list of objects with the columns of usage_denial, features as a list
-- No rows.
insert into usage_denial (
  license, lease, installation, user_name, host, process, application_version, address,
  seats, features, cause, feature, live, waiting, attempts, first_time, last_time
)
select
  license, lease, installation, user_name, host, process, application_version, address,
  seats, features, cause, feature, live, waiting, attempts, first_time, last_time
from jsonb_to_recordset($1::jsonb) as given (
  license uuid, lease uuid, installation uuid, user_name text, host text, process text,
  application_version text, address text, seats integer, features text[], cause text, feature text,
  live integer, waiting integer, attempts integer, first_time timestamptz, last_time timestamptz
)
on conflict (license, lease) do update
set
  cause = excluded.cause,
  feature = excluded.feature,
  live = excluded.live,
  waiting = excluded.waiting,
  attempts = usage_denial.attempts + excluded.attempts,
  first_time = least(usage_denial.first_time, excluded.first_time),
  last_time = greatest(usage_denial.last_time, excluded.last_time);
