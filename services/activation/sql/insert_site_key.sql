-- Keeps a new key, unless the purpose has one. $1 purpose, $2 kid, $3 public key, $4 sealed private key.
-- None or one row.
insert into site_key (purpose, kid, public_key, sealed_private_key)
values ($1, $2, $3::bytea, $4::bytea)
on conflict (purpose) do nothing
returning purpose
