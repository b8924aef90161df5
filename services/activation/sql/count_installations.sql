-- Counts the installations of a license that take a place: those that are not over. Needs the lock of lock_installations.
-- $1 license, $2 a public key.
-- One row: those with other keys, the virtual ones of them; whether the one with this key is there,
-- and whether it is virtual.
select
  count(*) filter (where i.public_key <> $2::bytea)::integer as installations,
  count(*) filter (where i.public_key <> $2::bytea and m.virtual)::integer as virtual_machines,
  coalesce(bool_or(i.public_key = $2::bytea), false) as known,
  coalesce(bool_or(i.public_key = $2::bytea and m.virtual), false) as known_virtual
from installation i
left join installation_machine m on m.installation = i.id
where i.license = $1 and i.state <> 'ENDED'
