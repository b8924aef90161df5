-- An installation that has this key, with what tells its machine and its refreshes apart.
-- $1 id, $2 public key. None or one row.
select
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor,
  public_key, refresh_request, forgiven, fingerprint_salt, fingerprint
from installation where id = $1::uuid and public_key = $2::bytea
