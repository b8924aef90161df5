-- Ends that the certificates of an installation are believed; forgets installations whose
-- certificates are over.
-- $1 installation, $2 now, $3 when the last certificate is over
with forgotten as (
  delete from revoked_installation
  where installation_id in (
    select installation_id
    from revoked_installation
    where until_time <= $2 and installation_id <> $1
    for update skip locked
  )
)
insert into revoked_installation (installation_id, revoke_time, until_time)
values ($1, $2, $3)
on conflict (installation_id) do update
set
  revoke_time = greatest(revoked_installation.revoke_time, excluded.revoke_time),
  until_time = greatest(revoked_installation.until_time, excluded.until_time)
