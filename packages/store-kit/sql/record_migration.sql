-- Records a migration as applied.
-- $1 version, $2 name, $3 SHA-256 of the file, in hex.
insert into schema_migration (version, name, sha256) values ($1::int, $2, $3)
