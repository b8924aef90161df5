-- Records a migration as applied.
-- $1 version, $2 name, $3 SHA-256 of the file, in hex, $4 the last migration that programs must know; null for any.
insert into schema_migration (version, name, sha256, needs) values ($1::int, $2, $3, $4::int)
