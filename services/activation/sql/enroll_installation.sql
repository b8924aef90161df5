-- Enters an installation, or finds the one that has this license and key already.
-- $1 id, $2 license, $3 product, $4 public key, $5 host, $6 create time.
-- One row: the installation that stands, as it was first entered.
insert into installation (id, license, product, public_key, host, create_time)
values ($1::uuid, $2, $3, $4::bytea, $5, $6::timestamptz)
-- Changes nothing; without an update the row that stands would not be returned.
on conflict (license, public_key) do update set license = excluded.license
returning id, license, product, host, create_time
