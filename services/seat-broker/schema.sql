create table feed_cursor (
  one boolean not null default true,
  "position" bigint not null,
  constraint feed_cursor_pkey PRIMARY KEY (one),
  constraint feed_cursor_single CHECK (one)
);

create table pool (
  license uuid not null,
  name text not null,
  revision bigint not null,
  state text not null,
  model text not null,
  seats integer not null,
  features jsonb not null,
  start_time timestamp with time zone not null,
  end_time timestamp with time zone not null,
  validity_ms integer not null,
  grace_ms integer not null,
  longest_lease_ms integer not null,
  lease_epoch bigint not null default 0,
  constraint pool_pkey PRIMARY KEY (license),
  constraint pool_epoch_in_range CHECK (((lease_epoch >= 0) AND (lease_epoch <= '4294967295'::bigint))),
  constraint pool_features_listed CHECK ((jsonb_typeof(features) = 'array'::text)),
  constraint pool_grace_in_range CHECK (((grace_ms >= 1000) AND (grace_ms <= 60000))),
  constraint pool_longest_lease_covers CHECK ((longest_lease_ms >= (validity_ms + grace_ms))),
  constraint pool_model_known CHECK ((model = 'FLOATING'::text)),
  constraint pool_name_of_license CHECK ((name ~~ ('customers/%/licenses/'::text || license))),
  constraint pool_revision_positive CHECK ((revision > 0)),
  constraint pool_seats_in_range CHECK (((seats >= 1) AND (seats <= 1000000))),
  constraint pool_state_known CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'REVOKED'::text]))),
  constraint pool_term_forward CHECK ((end_time > start_time)),
  constraint pool_validity_in_range CHECK (((validity_ms >= 3000) AND (validity_ms <= 3600000)))
);

create table redis_incarnation (
  incarnation text not null,
  first_seen_ms bigint not null,
  constraint redis_incarnation_pkey PRIMARY KEY (incarnation)
);

create table schema_migration (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_time timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (version)
);

create table trust (
  one boolean not null default true,
  version bigint not null,
  bundle text not null,
  constraint trust_pkey PRIMARY KEY (one),
  constraint trust_single CHECK (one)
);
