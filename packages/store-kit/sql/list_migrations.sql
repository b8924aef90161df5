-- The migrations that were applied, in their order.
select version, name, sha256 from schema_migration order by version
