-- An installation that has this key.
-- $1 id, $2 public key. None or one row.
select id, license, product, host, create_time from installation
where id = $1::uuid and public_key = $2::bytea
