-- The installations of all licenses of a customer, as `listRows` takes them.
-- $1 customer, its id
select
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor,
  conflict_kind is not null as has_conflict
from installation
where split_part(license, '/', 2) = $1
