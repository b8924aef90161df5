-- The migrations that were applied, in their order.
select version, name, sha256, needs from schema_migration order by version
