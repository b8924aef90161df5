-- Installations that get no seats of a license although their certificates are valid, and which of two such
-- lists is the newer: the one with the greater number; 0: there never was one.
alter table pool
  add column barred uuid[] not null default '{}',
  add column barred_revision bigint not null default 0;
create index pool_with_barred on pool (license) where barred_revision > 0;
