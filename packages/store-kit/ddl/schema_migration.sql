-- The table of the migrations that were applied, unless it is there.
create table if not exists schema_migration (
  version int primary key,
  name text not null,
  sha256 text not null,
  applied_time timestamptz not null default now()
)
