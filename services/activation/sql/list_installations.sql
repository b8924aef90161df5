-- The installations of a license, as `listRows` takes them.
-- $1 license
select
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor,
  conflict_kind is not null as has_conflict
from installation
where license = $1
