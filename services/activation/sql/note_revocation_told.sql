-- The issuer was told that an installation is over. $1 id. No rows.
update installation set revocation_told = true where id = $1::uuid
