-- The table of the migrations that were applied, unless it is there; programs of before `needs` work with it too.
create table if not exists schema_migration (
  version int primary key,
  name text not null,
  sha256 text not null,
  applied_time timestamptz not null default now()
);
-- The last migration that a program must know to work on the database from this one on.
alter table schema_migration add column if not exists needs int
