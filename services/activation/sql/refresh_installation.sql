-- Notes that an installation was refreshed.
-- $1 id, $2 counter, $3 request, $4 when, $5 host (empty: as it was), $6 application version (empty: as it was),
-- $7 evidence or null, $8 salt and $9 digests (JSON) of the fingerprint, or nulls.
-- One row.
update installation set
  refresh_counter = $2::bigint,
  refresh_request = $3::uuid,
  forgiven = false,
  last_seen_time = $4::timestamptz,
  host = coalesce(nullif($5, ''), host),
  application_version = coalesce(nullif($6, ''), application_version),
  evidence = coalesce($7::bytea, evidence),
  fingerprint_salt = $8::bytea,
  fingerprint = $9::jsonb
where id = $1::uuid
returning
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor
