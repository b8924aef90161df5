-- Brings an installation into a state. A conflict is decided about thereby, unless it is only disabled.
-- $1 id, $2 state, $3 when, $4 party, $5 why, $6 until when it is barred or null, $7 whether the next refresh is
-- forgiven, $8 successor or null. One row.
update installation set
  state = $2,
  state_time = $3::timestamptz,
  state_party = $4,
  state_why = $5,
  barred_until = $6::timestamptz,
  forgiven = $7::boolean,
  successor = $8::uuid,
  conflict_kind = case when $2 = 'DISABLED' then conflict_kind end,
  conflict_time = case when $2 = 'DISABLED' then conflict_time end,
  conflict_host = case when $2 = 'DISABLED' then conflict_host else '' end
where id = $1::uuid
returning
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor
