-- What the seat-broker must not forget when Redis does: the terms of every license, and
-- how often its pool was set up.

create table pool (
  license uuid primary key,
  name text not null,
  revision bigint not null,
  state text not null,
  model text not null,
  seats integer not null,
  features jsonb not null,
  start_time timestamptz not null,
  end_time timestamptz not null,
  validity_ms integer not null,
  grace_ms integer not null,
  -- The longest that any lease of the license may have lived without a renewal, under all
  -- the terms it ever had: for so long a pool that lost its data admits nobody new.
  longest_lease_ms integer not null,
  -- How often the pool was set up, or might have been: the upper half of every fence.
  lease_epoch bigint not null default 0,
  constraint pool_name_of_license check (name like 'customers/%/licenses/' || license),
  constraint pool_revision_positive check (revision > 0),
  constraint pool_state_known check (state in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
  constraint pool_model_known check (model in ('FLOATING')),
  constraint pool_seats_in_range check (seats between 1 and 1000000),
  constraint pool_features_listed check (jsonb_typeof(features) = 'array'),
  constraint pool_term_forward check (end_time > start_time),
  constraint pool_validity_in_range check (validity_ms between 3000 and 3600000),
  constraint pool_grace_in_range check (grace_ms between 1000 and 60000),
  constraint pool_longest_lease_covers check (longest_lease_ms >= validity_ms + grace_ms),
  -- An epoch takes 32 bits of a fence.
  constraint pool_epoch_in_range check (lease_epoch between 0 and 4294967295)
);

-- When each incarnation of Redis was first seen, in ms since 1970 by the clock of that Redis.
create table redis_incarnation (
  incarnation text primary key,
  first_seen_ms bigint not null
);

-- One row: how far activation's feed was followed.
create table feed_cursor (
  one boolean primary key default true,
  position bigint not null,
  constraint feed_cursor_single check (one)
);

insert into feed_cursor (position) values (0);

-- At most one row: the newest trust bundle, as its root signed it.
create table trust (
  one boolean primary key default true,
  version bigint not null,
  bundle text not null,
  constraint trust_single check (one)
);
