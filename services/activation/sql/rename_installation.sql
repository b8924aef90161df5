-- $1 id, $2 display name. One row.
update installation set display_name = $2 where id = $1::uuid
returning
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor
