-- Enters an installation, or finds the one that has this license and key already. Of that one only the machine
-- and its version change, if they are told, and a conflict is settled: whoever has a product key may say which machine it is. Not
-- even that of one that may not work.
-- $1 id, $2 license, $3 product, $4 public key, $5 host, $6 create time,
-- $7 salt and $8 digests (JSON) of the fingerprint, or nulls, $9 version of the application (empty: as it was).
-- One row: the installation that stands, as it was first entered.
insert into installation (
  id, license, product, public_key, host, create_time, last_seen_time, fingerprint_salt, fingerprint,
  application_version
)
values ($1::uuid, $2, $3, $4::bytea, $5, $6::timestamptz, $6::timestamptz, $7::bytea, $8::jsonb, $9)
-- Without an update the row that stands would not be returned.
on conflict (license, public_key) do update set
  fingerprint_salt = case
    when installation.state = 'ACTIVE' then coalesce(excluded.fingerprint_salt, installation.fingerprint_salt)
    else installation.fingerprint_salt
  end,
  fingerprint = case
    when installation.state = 'ACTIVE' then coalesce(excluded.fingerprint, installation.fingerprint)
    else installation.fingerprint
  end,
  application_version = case
    when installation.state = 'ACTIVE'
      then coalesce(nullif(excluded.application_version, ''), installation.application_version)
    else installation.application_version
  end,
  conflict_kind = case when installation.state <> 'ACTIVE' then installation.conflict_kind end,
  conflict_time = case when installation.state <> 'ACTIVE' then installation.conflict_time end,
  conflict_host = case when installation.state = 'ACTIVE' then '' else installation.conflict_host end
returning
  id, license, product, host, create_time, display_name, state, state_time, state_party, state_why,
  last_seen_time, application_version, evidence, refresh_counter, conflict_kind, conflict_time, conflict_host,
  successor
