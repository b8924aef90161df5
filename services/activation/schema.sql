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

-- The request files of machines without a connection that were answered, with their response files,
-- for as long as they would be accepted: the same file has no further effect and gets the first
-- answer.
create table offline_request (
  public_key bytea not null,
  request_id uuid not null,
  request_sha256 bytea not null,
  installation_id uuid,
  response_file text,
  expire_time timestamp with time zone not null,
  constraint offline_request_pkey PRIMARY KEY (public_key, request_id),
  constraint offline_request_check CHECK (((installation_id IS NULL) = (response_file IS NULL))),
  constraint offline_request_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installation(id) ON DELETE CASCADE,
  constraint offline_request_public_key_check CHECK ((length(public_key) = 32)),
  constraint offline_request_request_sha256_check CHECK ((length(request_sha256) = 32))
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

CREATE INDEX offline_request_expire_time ON public.offline_request USING btree (expire_time);

CREATE INDEX request_reply_expires ON public.request_reply USING btree (expires);
