-- What of each customer bears on its licenses, as the issuer told it last.
create table customer (
  name text not null,
  revision bigint not null,
  resource_limit integer,
  constraint customer_pkey PRIMARY KEY (name),
  constraint customer_resource_limit_check CHECK ((resource_limit >= 0)),
  constraint customer_revision_check CHECK ((revision >= 1))
);

-- What each license entitles to, as the issuer told it last, and where in the feed of changes it
-- stands.
create table entitlement (
  license text not null,
  revision bigint not null,
  state text not null,
  product text not null,
  model text not null,
  seats integer not null,
  features jsonb not null,
  start_time timestamp with time zone not null,
  end_time timestamp with time zone not null,
  validity_ms integer not null,
  grace_ms integer not null,
  feed_revision bigint not null,
  seat_policy bytea not null,
  passed_terms bytea not null,
  constraint entitlement_pkey PRIMARY KEY (license),
  constraint entitlement_check CHECK ((end_time > start_time)),
  constraint entitlement_features_check CHECK ((jsonb_typeof(features) = 'array'::text)),
  constraint entitlement_feed_revision_check CHECK ((feed_revision >= 1)),
  constraint entitlement_feed_revision_key UNIQUE (feed_revision),
  constraint entitlement_grace_ms_check CHECK ((grace_ms > 0)),
  constraint entitlement_model_check CHECK ((model = ANY (ARRAY['FLOATING'::text, 'NAMED_MACHINE'::text, 'NAMED_USER'::text, 'RESOURCE'::text]))),
  constraint entitlement_revision_check CHECK ((revision >= 1)),
  constraint entitlement_seats_check CHECK (((seats >= 1) AND (seats <= 1000000))),
  constraint entitlement_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'REVOKED'::text]))),
  constraint entitlement_validity_ms_check CHECK ((validity_ms > 0))
);

-- How many of a feature's things a resource has, as it was reported and claimed.
create table feature_count (
  resource uuid not null,
  feature text not null,
  count bigint not null,
  sequence bigint not null,
  update_time timestamp with time zone not null,
  constraint feature_count_pkey PRIMARY KEY (resource, feature),
  constraint feature_count_count_check CHECK ((count >= 0)),
  constraint feature_count_feature_check CHECK (((char_length(feature) >= 1) AND (char_length(feature) <= 64))),
  constraint feature_count_resource_fkey FOREIGN KEY (resource) REFERENCES resource(id),
  constraint feature_count_sequence_check CHECK ((sequence >= 0))
);

-- How far the feed of changes goes, and how far the issuer's was followed. One row, locked until
-- the commit by whoever changes an entitlement, so that a reader who sees one change has missed
-- none before it.
create table feed (
  only_row boolean not null default true,
  revision bigint not null default 0,
  issuer_cursor bigint not null default 0,
  constraint feed_pkey PRIMARY KEY (only_row),
  constraint feed_issuer_cursor_check CHECK ((issuer_cursor >= 0)),
  constraint feed_only_row_check CHECK (only_row),
  constraint feed_revision_check CHECK ((revision >= 0))
);

-- Who unlocked a license: one row for each key pair. The same key pair with the same license is the
-- same installation.
create table installation (
  id uuid not null,
  license text not null,
  product text not null,
  public_key bytea not null,
  host text not null,
  create_time timestamp with time zone not null,
  constraint installation_pkey PRIMARY KEY (id),
  constraint installation_host_check CHECK ((char_length(host) <= 200)),
  constraint installation_license_public_key_key UNIQUE (license, public_key),
  constraint installation_public_key_check CHECK ((length(public_key) = 32))
);

-- The replies of mutations, kept for 72 hours: a call repeated with its request id has no further
-- effect and gets the first answer.
create table request_reply (
  request_id uuid not null,
  method text not null,
  body_sha256 bytea not null,
  reply bytea,
  expires timestamp with time zone not null default (now() + '72:00:00'::interval),
  constraint request_reply_pkey PRIMARY KEY (request_id),
  constraint request_reply_body_sha256_check CHECK ((length(body_sha256) = 32))
);

-- Things of customers that are licensed by themselves, for example databases, and the license that
-- each is bound to. Whoever changes that holds the lock of the feed.
create table resource (
  id uuid not null,
  customer text not null,
  external_id text not null,
  display_name text not null,
  kind text not null,
  license text,
  pool_license text,
  pool_revision bigint not null default 0,
  feed_revision bigint,
  removed boolean not null default false,
  create_time timestamp with time zone not null,
  update_time timestamp with time zone not null,
  constraint resource_pkey PRIMARY KEY (id),
  constraint resource_customer_external_id_key UNIQUE (customer, external_id),
  constraint resource_customer_fkey FOREIGN KEY (customer) REFERENCES customer(name),
  constraint resource_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint resource_external_id_check CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 200))),
  constraint resource_feed_revision_check CHECK ((feed_revision >= 1)),
  constraint resource_feed_revision_key UNIQUE (feed_revision),
  constraint resource_kind_check CHECK (((char_length(kind) >= 1) AND (char_length(kind) <= 64))),
  constraint resource_license_fkey FOREIGN KEY (license) REFERENCES entitlement(license),
  constraint resource_license_of_customer CHECK (starts_with(license, (customer || '/licenses/'::text))),
  constraint resource_pool_in_feed CHECK (((pool_license IS NULL) = (feed_revision IS NULL))),
  constraint resource_pool_license_fkey FOREIGN KEY (pool_license) REFERENCES entitlement(license),
  constraint resource_pool_of_license CHECK (((license IS NULL) OR (license = pool_license))),
  constraint resource_removed_unbound CHECK (((license IS NULL) OR (NOT removed)))
);

-- The migrations that were applied, each with the digest of its file.
create table schema_migration (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_time timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (version)
);

-- The issuer's newest trust bundle, which lets installations be verified while the issuer is away.
-- At most one row.
create table trust (
  only_row boolean not null default true,
  version integer not null,
  token text not null,
  constraint trust_pkey PRIMARY KEY (only_row),
  constraint trust_only_row_check CHECK (only_row),
  constraint trust_version_check CHECK ((version >= 1))
);

CREATE INDEX request_reply_expires ON public.request_reply USING btree (expires);

CREATE INDEX resource_bound ON public.resource USING btree (customer, license) WHERE (license IS NOT NULL);

CREATE INDEX resource_listed ON public.resource USING btree (customer, display_name, id) WHERE (NOT removed);

CREATE INDEX resource_of_license ON public.resource USING btree (license) WHERE (license IS NOT NULL);
