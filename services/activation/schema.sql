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
  barred_revision bigint not null default 0,
  product_revision bigint not null default 0,
  version_policy bytea not null default '\x'::bytea,
  constraint entitlement_pkey PRIMARY KEY (license),
  constraint entitlement_check CHECK ((end_time > start_time)),
  constraint entitlement_features_check CHECK ((jsonb_typeof(features) = 'array'::text)),
  constraint entitlement_feed_revision_check CHECK ((feed_revision >= 1)),
  constraint entitlement_feed_revision_key UNIQUE (feed_revision),
  constraint entitlement_grace_ms_check CHECK ((grace_ms > 0)),
  constraint entitlement_model_check CHECK ((model = ANY (ARRAY['FLOATING'::text, 'NAMED_MACHINE'::text, 'NAMED_USER'::text, 'RESOURCE'::text]))),
  constraint entitlement_product_revision_check CHECK ((product_revision >= 0)),
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
  display_name text not null default ''::text,
  state text not null default 'ACTIVE'::text,
  state_time timestamp with time zone,
  state_party text,
  state_why text not null default ''::text,
  barred_until timestamp with time zone,
  last_seen_time timestamp with time zone not null,
  application_version text not null default ''::text,
  evidence bytea,
  refresh_counter bigint not null default 0,
  refresh_request uuid,
  forgiven boolean not null default false,
  conflict_kind text,
  conflict_time timestamp with time zone,
  conflict_host text not null default ''::text,
  fingerprint_salt bytea,
  fingerprint jsonb,
  successor uuid,
  revocation_told boolean not null default false,
  constraint installation_pkey PRIMARY KEY (id),
  constraint installation_application_version_check CHECK ((char_length(application_version) <= 200)),
  constraint installation_barred CHECK (((state = 'ACTIVE'::text) = (barred_until IS NULL))),
  constraint installation_conflict_host_check CHECK ((char_length(conflict_host) <= 200)),
  constraint installation_conflict_kind_check CHECK ((conflict_kind = ANY (ARRAY['COUNTER'::text, 'FINGERPRINT'::text]))),
  constraint installation_conflict_told CHECK (((conflict_kind IS NULL) = (conflict_time IS NULL))),
  constraint installation_display_name_check CHECK ((char_length(display_name) <= 200)),
  constraint installation_fingerprint_check CHECK ((jsonb_typeof(fingerprint) = 'object'::text)),
  constraint installation_fingerprint_salt_check CHECK (((length(fingerprint_salt) >= 16) AND (length(fingerprint_salt) <= 64))),
  constraint installation_fingerprint_salted CHECK (((fingerprint IS NULL) = (fingerprint_salt IS NULL))),
  constraint installation_host_check CHECK ((char_length(host) <= 200)),
  constraint installation_license_public_key_key UNIQUE (license, public_key),
  constraint installation_moved_is_over CHECK (((successor IS NULL) OR (state = 'ENDED'::text))),
  constraint installation_public_key_check CHECK ((length(public_key) = 32)),
  constraint installation_refresh_counter_check CHECK ((refresh_counter >= 0)),
  constraint installation_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'DISABLED'::text, 'ENDED'::text]))),
  constraint installation_state_party_check CHECK ((state_party = ANY (ARRAY['VENDOR'::text, 'CUSTOMER'::text, 'INSTALLATION'::text]))),
  constraint installation_state_told CHECK (((state_time IS NULL) = (state_party IS NULL))),
  constraint installation_state_why_check CHECK ((char_length(state_why) <= 500)),
  constraint installation_successor_fkey FOREIGN KEY (successor) REFERENCES installation(id)
);

-- Who did what to an installation, when and why: one row for each change of its name or state, and
-- for each first refresh that was refused. Append-only.
create table installation_change (
  number bigint not null generated always as identity,
  installation uuid not null,
  kind text not null,
  party text not null,
  subject text not null,
  why text not null,
  change_time timestamp with time zone not null,
  constraint installation_change_pkey PRIMARY KEY (number),
  constraint installation_change_installation_fkey FOREIGN KEY (installation) REFERENCES installation(id),
  constraint installation_change_kind_check CHECK ((kind = ANY (ARRAY['RENAMED'::text, 'DISABLED'::text, 'ENABLED'::text, 'DEACTIVATED'::text, 'TRANSFERRED'::text, 'CONFLICT'::text, 'MISMATCH'::text]))),
  constraint installation_change_party_check CHECK ((party = ANY (ARRAY['VENDOR'::text, 'CUSTOMER'::text, 'INSTALLATION'::text]))),
  constraint installation_change_subject_check CHECK ((subject <> ''::text)),
  constraint installation_change_why_check CHECK ((char_length(why) <= 500))
);

-- What each installation told of its machine when it was unlocked last.
create table installation_machine (
  installation uuid not null,
  virtual boolean not null,
  application_version text not null default ''::text,
  constraint installation_machine_pkey PRIMARY KEY (installation),
  constraint installation_machine_application_version_check CHECK ((char_length(application_version) <= 20)),
  constraint installation_machine_installation_fkey FOREIGN KEY (installation) REFERENCES installation(id) ON DELETE CASCADE
);

-- The users that a license names: nobody else may have its seats. As many as it has seats, at most.
create table named_user (
  id uuid not null,
  license text not null,
  user_name text not null,
  assign_time timestamp with time zone not null,
  assigned_by text not null,
  constraint named_user_pkey PRIMARY KEY (id),
  constraint named_user_assigned_by_check CHECK ((assigned_by <> ''::text)),
  constraint named_user_license_fkey FOREIGN KEY (license) REFERENCES naming(license),
  constraint named_user_license_user_name_key UNIQUE (license, user_name),
  constraint named_user_user_name_check CHECK (((char_length(user_name) >= 1) AND (char_length(user_name) <= 200)))
);

-- How often the named users of a license changed: one row for each license that ever had one.
create table naming (
  license text not null,
  revision bigint not null,
  constraint naming_pkey PRIMARY KEY (license),
  constraint naming_license_fkey FOREIGN KEY (license) REFERENCES entitlement(license),
  constraint naming_revision_check CHECK ((revision >= 1))
);

-- Every user that was named or is named no more: who did it, and when. Never changed.
create table naming_act (
  license text not null,
  revision bigint not null,
  kind text not null,
  user_name text not null,
  subject text not null,
  act_time timestamp with time zone not null,
  constraint naming_act_pkey PRIMARY KEY (license, revision),
  constraint naming_act_kind_check CHECK ((kind = ANY (ARRAY['ASSIGN'::text, 'UNASSIGN'::text]))),
  constraint naming_act_license_fkey FOREIGN KEY (license) REFERENCES naming(license),
  constraint naming_act_revision_check CHECK ((revision >= 1)),
  constraint naming_act_subject_check CHECK ((subject <> ''::text))
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
  needs integer,
  constraint schema_migration_pkey PRIMARY KEY (version)
);

-- A license server at a customer's site: what the vendor told of its license, and how far its time
-- got. One row.
create table site (
  only_row boolean not null default true,
  license jsonb,
  seen_time timestamp with time zone not null default '1970-01-01 00:00:00+00'::timestamp with time zone,
  vendor_contact_time timestamp with time zone,
  process uuid,
  constraint site_pkey PRIMARY KEY (only_row),
  constraint site_license_check CHECK (((license IS NULL) OR (jsonb_typeof(license) = 'object'::text))),
  constraint site_only_row_check CHECK (only_row)
);

-- The keys that a site signs with, made at its first start; their private halves are sealed.
create table site_key (
  purpose text not null,
  kid text not null,
  public_key bytea not null,
  sealed_private_key bytea not null,
  constraint site_key_pkey PRIMARY KEY (purpose),
  constraint site_key_kid_key UNIQUE (kid),
  constraint site_key_public_key_check CHECK ((length(public_key) = 32)),
  constraint site_key_purpose_check CHECK ((purpose = ANY (ARRAY['trust'::text, 'license'::text, 'install'::text]))),
  constraint site_key_sealed_private_key_check CHECK ((length(sealed_private_key) = 60))
);

-- The seats of the vendor's that a site holds, or has asked for. A row is made before the vendor is
-- asked, so that an answer that was lost is asked for again and never taken twice.
create table site_seat (
  lease bytea not null,
  features text[] not null,
  borrow text,
  end_time timestamp with time zone,
  extend_time timestamp with time zone,
  create_time timestamp with time zone not null,
  constraint site_seat_pkey PRIMARY KEY (lease),
  constraint site_seat_check CHECK ((((borrow IS NULL) = (end_time IS NULL)) AND ((borrow IS NULL) = (extend_time IS NULL)))),
  constraint site_seat_lease_check CHECK ((length(lease) = 32))
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

-- The challenges that were used, each by one request, until they would not be accepted any more.
create table used_challenge (
  id uuid not null,
  request_sha256 bytea not null,
  expire_time timestamp with time zone not null,
  constraint used_challenge_pkey PRIMARY KEY (id),
  constraint used_challenge_request_sha256_check CHECK ((length(request_sha256) = 32))
);

CREATE INDEX installation_barred ON public.installation USING btree (license) WHERE (barred_until IS NOT NULL);

CREATE INDEX installation_change_of ON public.installation_change USING btree (installation, number);

CREATE INDEX installation_moved ON public.installation USING btree (license) WHERE (successor IS NOT NULL);

CREATE INDEX installation_of_customer ON public.installation USING btree (split_part(license, '/'::text, 2), create_time, id);

CREATE INDEX installation_of_license ON public.installation USING btree (license, create_time, id);

CREATE INDEX installation_revocation_untold ON public.installation USING btree (state_time) WHERE ((state = 'ENDED'::text) AND (NOT revocation_told));

CREATE INDEX named_user_by_time ON public.named_user USING btree (license, assign_time, id);

CREATE INDEX offline_request_expire_time ON public.offline_request USING btree (expire_time);

CREATE INDEX request_reply_expires ON public.request_reply USING btree (expires);

CREATE INDEX resource_bound ON public.resource USING btree (customer, license) WHERE (license IS NOT NULL);

CREATE INDEX resource_listed ON public.resource USING btree (customer, display_name, id) WHERE (NOT removed);

CREATE INDEX resource_of_license ON public.resource USING btree (license) WHERE (license IS NOT NULL);

CREATE INDEX used_challenge_expire_time ON public.used_challenge USING btree (expire_time);

CREATE OR REPLACE FUNCTION public.refuse_installation_change_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the history of installations is append-only';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_naming_act_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the acts of naming are append-only';
end $function$;

CREATE TRIGGER installation_change_append_only BEFORE DELETE OR UPDATE ON public.installation_change FOR EACH ROW EXECUTE FUNCTION refuse_installation_change_change();

CREATE TRIGGER naming_act_append_only BEFORE DELETE OR UPDATE ON public.naming_act FOR EACH ROW EXECUTE FUNCTION refuse_naming_act_change();
