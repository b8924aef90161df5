-- A person who acts for customers.
create table account (
  id uuid not null,
  display_name text not null,
  email text not null,
  create_time timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint account_email_check CHECK (((char_length(email) <= 254) AND (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)))
);

-- How a person signs in; at most 10 an account.
create table account_identity (
  issuer text not null,
  subject text not null,
  account_id uuid not null,
  slot smallint not null,
  link_time timestamp with time zone not null,
  constraint account_identity_pkey PRIMARY KEY (issuer, subject),
  constraint account_identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint account_identity_account_id_slot_key UNIQUE (account_id, slot),
  constraint account_identity_issuer_check CHECK ((issuer ~ '^(https://[!-~]{1,192}|http://(127\.0\.0\.1|\[::1\]|localhost)([:/][!-~]{0,180})?)$'::text)),
  constraint account_identity_slot_check CHECK (((slot >= 0) AND (slot <= 9))),
  constraint account_identity_subject_check CHECK ((subject ~ '^[ -~]{1,255}$'::text))
);

-- What accounts may do for the vendor: one row for each role that one has. Once there is an owner,
-- there always is one.
create table administrator_role (
  account_id uuid not null,
  role text not null,
  granted_by text not null,
  grant_time timestamp with time zone not null,
  constraint administrator_role_pkey PRIMARY KEY (account_id, role),
  constraint administrator_role_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint administrator_role_grant_time_check CHECK ((isfinite(grant_time) AND (grant_time = date_trunc('milliseconds'::text, grant_time)))),
  constraint administrator_role_granted_by_check CHECK (((char_length(granted_by) >= 1) AND (char_length(granted_by) <= 1000))),
  constraint administrator_role_role_check CHECK ((role = ANY (ARRAY['OWNER'::text, 'LICENSING_ADMIN'::text, 'SUPPORT'::text, 'AUDITOR'::text, 'KEY_CUSTODIAN'::text])))
);

-- What was done, by whom, when and why: one row for each act that changed something, chained by
-- hashes. Append-only. docs/audit.md tells how it is verified.
create table audit_entry (
  sequence bigint not null,
  at timestamp with time zone not null,
  subject text not null,
  method text not null,
  resource text not null,
  why text not null,
  request_id uuid not null,
  request_sha256 bytea not null,
  hash bytea not null,
  constraint audit_entry_pkey PRIMARY KEY (sequence),
  constraint audit_entry_at_check CHECK ((isfinite(at) AND (at = date_trunc('milliseconds'::text, at)))),
  constraint audit_entry_hash_check CHECK ((octet_length(hash) = 32)),
  constraint audit_entry_method_check CHECK ((method ~ '^[A-Z][A-Za-z]{0,99}$'::text)),
  constraint audit_entry_request_sha256_check CHECK ((octet_length(request_sha256) = 32)),
  constraint audit_entry_resource_check CHECK (((char_length(resource) >= 1) AND (char_length(resource) <= 1000))),
  constraint audit_entry_sequence_check CHECK ((sequence >= 1)),
  constraint audit_entry_sequence_hash_key UNIQUE (sequence, hash),
  constraint audit_entry_subject_check CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 1000))),
  constraint audit_entry_why_check CHECK ((char_length(why) <= 500))
);

-- What the chain of audit entries has come to. One row, locked as the last one by whoever appends,
-- until the commit.
create table audit_head (
  only_row boolean not null default true,
  sequence bigint not null,
  hash bytea not null,
  entry bigint generated always as (NULLIF(sequence, 0)) stored,
  constraint audit_head_pkey PRIMARY KEY (only_row),
  constraint audit_head_begins_with_zeros CHECK (((sequence > 0) OR (hash = decode(repeat('00'::text, 32), 'hex'::text)))),
  constraint audit_head_hash_check CHECK ((octet_length(hash) = 32)),
  constraint audit_head_is_an_entry FOREIGN KEY (entry, hash) REFERENCES audit_entry(sequence, hash) DEFERRABLE INITIALLY DEFERRED,
  constraint audit_head_only_row_check CHECK (only_row),
  constraint audit_head_sequence_check CHECK ((sequence >= 0))
);

-- The bootstrap tokens that issuers were started with, as digests, and since when: each makes the
-- first owner for 24 hours at most.
create table bootstrap_token (
  sha256 bytea not null,
  first_seen_time timestamp with time zone not null,
  latest_time timestamp with time zone not null,
  constraint bootstrap_token_pkey PRIMARY KEY (sha256),
  constraint bootstrap_token_check CHECK ((isfinite(latest_time) AND (latest_time >= first_seen_time))),
  constraint bootstrap_token_first_seen_time_check CHECK (isfinite(first_seen_time)),
  constraint bootstrap_token_sha256_check CHECK ((octet_length(sha256) = 32))
);

-- An organization that buys licenses; never erased.
create table customer (
  id uuid not null,
  display_name text not null,
  reference_id text not null,
  create_time timestamp with time zone not null,
  state text not null default 'ACTIVE'::text,
  contacts jsonb not null default '[]'::jsonb,
  resource_limit integer,
  revision bigint not null default 1,
  update_time timestamp with time zone not null,
  constraint customer_pkey PRIMARY KEY (id),
  constraint customer_contacts_check CHECK (COALESCE(((jsonb_typeof(contacts) = 'array'::text) AND (jsonb_array_length(contacts) <= 20)), false)),
  constraint customer_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint customer_has_history FOREIGN KEY (id, revision) REFERENCES customer_revision(customer_id, revision) DEFERRABLE INITIALLY DEFERRED,
  constraint customer_reference_id_check CHECK ((reference_id ~ '^[A-Za-z0-9_.-]{3,64}$'::text)),
  constraint customer_reference_id_key UNIQUE (reference_id),
  constraint customer_resource_limit_check CHECK (((resource_limit >= 0) AND (resource_limit <= 1000000))),
  constraint customer_revision_check CHECK ((revision >= 1)),
  constraint customer_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'CLOSED'::text])))
);

-- The history of every customer, append-only.
create table customer_revision (
  customer_id uuid not null,
  revision bigint not null,
  at timestamp with time zone not null,
  subject text not null,
  action text not null,
  why text not null,
  snapshot jsonb not null,
  constraint customer_revision_pkey PRIMARY KEY (customer_id, revision),
  constraint customer_revision_action_check CHECK ((action = ANY (ARRAY['CREATE'::text, 'UPDATE'::text, 'CLOSE'::text]))),
  constraint customer_revision_check1 CHECK (((action = 'CREATE'::text) = (revision = 1))),
  constraint customer_revision_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id),
  constraint customer_revision_subject_check CHECK ((subject <> ''::text)),
  constraint customer_revision_why_check CHECK ((char_length(why) <= 500))
);

-- A template of licenses.
create table edition (
  product_id text not null,
  id text not null,
  revision bigint not null,
  display_name text not null,
  terms jsonb not null,
  term_days integer not null,
  maintenance_days integer not null,
  retired boolean not null,
  create_time timestamp with time zone not null,
  update_time timestamp with time zone not null,
  constraint edition_pkey PRIMARY KEY (product_id, id),
  constraint edition_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint edition_has_history FOREIGN KEY (product_id, id, revision) REFERENCES edition_revision(product_id, edition_id, revision) DEFERRABLE INITIALLY DEFERRED,
  constraint edition_id_check CHECK ((id ~ '^[a-z][a-z0-9-]{0,63}$'::text)),
  constraint edition_maintenance_days_check CHECK (((maintenance_days >= 0) AND (maintenance_days <= 36500))),
  constraint edition_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  constraint edition_revision_check CHECK ((revision >= 1)),
  constraint edition_term_days_check CHECK (((term_days >= 1) AND (term_days <= 36500))),
  constraint edition_terms_check CHECK ((COALESCE((jsonb_typeof((terms -> 'features'::text)) = 'array'::text), false) AND (NOT (terms ?| ARRAY['startTime'::text, 'endTime'::text, 'maintenanceEndTime'::text]))))
);

-- The features that the terms of an edition name.
create table edition_feature (
  product_id text not null,
  edition_id text not null,
  code text not null,
  kind text not null,
  has_limit boolean not null,
  constraint edition_feature_pkey PRIMARY KEY (product_id, edition_id, code),
  constraint edition_feature_check CHECK ((((kind <> 'SWITCH'::text) OR (NOT has_limit)) AND ((kind <> 'COUNTED'::text) OR has_limit))),
  constraint edition_feature_product_id_code_kind_fkey FOREIGN KEY (product_id, code, kind) REFERENCES product_feature(product_id, code, kind),
  constraint edition_feature_product_id_edition_id_fkey FOREIGN KEY (product_id, edition_id) REFERENCES edition(product_id, id)
);

-- The history of every edition, append-only.
create table edition_revision (
  product_id text not null,
  edition_id text not null,
  revision bigint not null,
  at timestamp with time zone not null,
  subject text not null,
  action text not null,
  why text not null,
  snapshot jsonb not null,
  constraint edition_revision_pkey PRIMARY KEY (product_id, edition_id, revision),
  constraint edition_revision_action_check CHECK ((action = ANY (ARRAY['CREATE'::text, 'UPDATE'::text]))),
  constraint edition_revision_check1 CHECK (((action = 'CREATE'::text) = (revision = 1))),
  constraint edition_revision_product_id_edition_id_fkey FOREIGN KEY (product_id, edition_id) REFERENCES edition(product_id, id),
  constraint edition_revision_subject_check CHECK ((subject <> ''::text)),
  constraint edition_revision_why_check CHECK ((char_length(why) <= 500))
);

-- How far the feed of changes goes. One row, locked until the commit by whoever advances it, so
-- that the order of the feed is the order of commits.
create table feed_head (
  only_row boolean not null default true,
  revision bigint not null,
  constraint feed_head_pkey PRIMARY KEY (only_row),
  constraint feed_head_only_row_check CHECK (only_row),
  constraint feed_head_revision_check CHECK ((revision >= 0))
);

-- A place at a customer's that waits for one person.
create table invitation (
  id uuid not null,
  customer_id uuid not null,
  email text not null,
  role text not null,
  secret_sha256 bytea not null,
  state text not null,
  accepted_by uuid,
  create_time timestamp with time zone not null,
  expire_time timestamp with time zone not null,
  constraint invitation_pkey PRIMARY KEY (id),
  constraint invitation_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES account(id),
  constraint invitation_check CHECK ((expire_time = (create_time + '336:00:00'::interval))),
  constraint invitation_check1 CHECK (((state = 'ACCEPTED'::text) = (accepted_by IS NOT NULL))),
  constraint invitation_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id),
  constraint invitation_email_check CHECK (((char_length(email) <= 254) AND (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
  constraint invitation_role_check CHECK ((role = ANY (ARRAY['ADMINISTRATOR'::text, 'USER'::text]))),
  constraint invitation_secret_sha256_check CHECK ((octet_length(secret_sha256) = 32)),
  constraint invitation_secret_sha256_key UNIQUE (secret_sha256),
  constraint invitation_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'ACCEPTED'::text, 'WITHDRAWN'::text])))
);

-- That a person would like to join a customer.
create table join_request (
  id uuid not null,
  customer_id uuid not null,
  account_id uuid not null,
  state text not null,
  create_time timestamp with time zone not null,
  constraint join_request_pkey PRIMARY KEY (id),
  constraint join_request_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint join_request_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id),
  constraint join_request_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'APPROVED'::text, 'DECLINED'::text])))
);

-- Generations of product keys that were retired while the service ran, for good
create table key_generation_retirement (
  generation text not null,
  advice text not null,
  retire_time timestamp with time zone not null,
  constraint key_generation_retirement_pkey PRIMARY KEY (generation),
  constraint key_generation_retirement_advice_check CHECK (((char_length(advice) >= 1) AND (char_length(advice) <= 500))),
  constraint key_generation_retirement_generation_check CHECK ((generation ~ '^[0-9A-Z]{1,16}$'::text))
);

-- What was sold: the terms as they are. Every revision of them is in license_revision.
create table license (
  id uuid not null,
  customer_id uuid not null,
  product_id text not null,
  revision bigint not null,
  state text not null,
  licensee_name text not null,
  licensee_organization text not null,
  model text not null,
  seats integer not null,
  start_time timestamp with time zone not null,
  end_time timestamp with time zone not null,
  validity_ms integer not null,
  grace_ms integer not null,
  create_time timestamp with time zone not null,
  update_time timestamp with time zone not null,
  seat_policy jsonb not null,
  edition_id text,
  edition_revision bigint,
  trial boolean not null,
  maintenance_end_time timestamp with time zone,
  oldest_version text,
  newest_version text,
  change_policy text not null,
  installation_policy jsonb not null,
  transferred_to uuid,
  transferred_from uuid,
  resource_limit integer,
  constraint license_pkey PRIMARY KEY (id),
  constraint license_change_policy_check CHECK ((change_policy = ANY (ARRAY['LIVE'::text, 'RESTART_REQUIRED'::text]))),
  constraint license_check CHECK ((end_time > start_time)),
  constraint license_check1 CHECK (((edition_id IS NULL) = (edition_revision IS NULL))),
  constraint license_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id),
  constraint license_grace_ms_check CHECK (((grace_ms >= 1000) AND (grace_ms <= 60000))),
  constraint license_has_history FOREIGN KEY (id, revision) REFERENCES license_revision(license_id, revision) DEFERRABLE INITIALLY DEFERRED,
  constraint license_id_product_id_key UNIQUE (id, product_id),
  constraint license_installation_policy_check CHECK (COALESCE((((((installation_policy ->> 'installations'::text))::integer >= 0) AND (((installation_policy ->> 'installations'::text))::integer <= 1000000)) AND ((((installation_policy ->> 'transfers'::text))::integer >= 0) AND (((installation_policy ->> 'transfers'::text))::integer <= 1000000)) AND ((installation_policy ->> 'virtualMachinesPolicy'::text) = ANY (ARRAY['ALLOW'::text, 'DENY'::text, 'ALLOW_WITH_CAP'::text])) AND ((((installation_policy ->> 'virtualMachines'::text))::integer >= 0) AND (((installation_policy ->> 'virtualMachines'::text))::integer <= 1000000)) AND (((installation_policy ->> 'virtualMachinesPolicy'::text) = 'ALLOW_WITH_CAP'::text) = (((installation_policy ->> 'virtualMachines'::text))::integer > 0)) AND (jsonb_array_length((installation_policy -> 'domains'::text)) <= 50) AND (jsonb_array_length((installation_policy -> 'networks'::text)) <= 50)), false)),
  constraint license_licensee_name_check CHECK (((char_length(licensee_name) >= 1) AND (char_length(licensee_name) <= 200))),
  constraint license_licensee_organization_check CHECK (((char_length(licensee_organization) >= 1) AND (char_length(licensee_organization) <= 200))),
  constraint license_maintenance_check CHECK (((maintenance_end_time >= start_time) AND (maintenance_end_time < '10000-01-01 00:00:00+00'::timestamp with time zone))),
  constraint license_model_check CHECK ((model = ANY (ARRAY['FLOATING'::text, 'NAMED_MACHINE'::text, 'NAMED_USER'::text, 'RESOURCE'::text]))),
  constraint license_newest_version_check CHECK ((newest_version ~ '^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){0,2}$'::text)),
  constraint license_oldest_version_check CHECK ((oldest_version ~ '^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){0,2}$'::text)),
  constraint license_product_id_edition_id_edition_revision_fkey FOREIGN KEY (product_id, edition_id, edition_revision) REFERENCES edition_revision(product_id, edition_id, revision),
  constraint license_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  constraint license_resource_limit_check CHECK (((resource_limit >= 1) AND (resource_limit <= 1000000))),
  constraint license_resources_of_model CHECK (((resource_limit IS NULL) OR (model = 'RESOURCE'::text))),
  constraint license_revision_check CHECK ((revision >= 1)),
  constraint license_seat_policy_check CHECK (COALESCE((((seat_policy ->> 'sharing'::text) = ANY (ARRAY['PER_PROCESS'::text, 'PER_USER'::text, 'PER_DEVICE'::text])) AND ((((seat_policy ->> 'overdraft'::text))::integer >= 0) AND (((seat_policy ->> 'overdraft'::text))::integer <= 1000000)) AND ((((seat_policy ->> 'offlineDays'::text))::integer >= 0) AND (((seat_policy ->> 'offlineDays'::text))::integer <= 365)) AND (jsonb_array_length((seat_policy -> 'groups'::text)) <= 50) AND (jsonb_typeof((seat_policy -> 'includeGroups'::text)) = 'array'::text) AND (jsonb_typeof((seat_policy -> 'excludeGroups'::text)) = 'array'::text)), false)),
  constraint license_seats_check CHECK (((seats >= 1) AND (seats <= 1000000))),
  constraint license_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'REVOKED'::text]))),
  constraint license_transferred_elsewhere CHECK (((id <> transferred_to) AND (id <> transferred_from))),
  constraint license_transferred_from_fkey FOREIGN KEY (transferred_from) REFERENCES license(id),
  constraint license_transferred_from_key UNIQUE (transferred_from),
  constraint license_transferred_is_over CHECK (((transferred_to IS NULL) OR (state = 'REVOKED'::text))),
  constraint license_transferred_to_fkey FOREIGN KEY (transferred_to) REFERENCES license(id) DEFERRABLE INITIALLY DEFERRED,
  constraint license_validity_ms_check CHECK (((validity_ms >= 3000) AND (validity_ms <= 3600000)))
);

-- The features that a license unlocks, only ones of its own product.
create table license_feature (
  license_id uuid not null,
  product_id text not null,
  code text not null,
  feature_limit bigint,
  "position" integer not null,
  seats integer,
  kind text not null default 'UNSPECIFIED'::text,
  constraint license_feature_pkey PRIMARY KEY (license_id, code),
  constraint license_feature_feature_limit_check CHECK (((feature_limit >= 0) AND (feature_limit <= '9007199254740991'::bigint))),
  constraint license_feature_kind_check CHECK ((((kind <> 'SWITCH'::text) OR (feature_limit IS NULL)) AND ((kind <> 'COUNTED'::text) OR (feature_limit IS NOT NULL)))),
  constraint license_feature_license_id_position_key UNIQUE (license_id, "position"),
  constraint license_feature_license_id_product_id_fkey FOREIGN KEY (license_id, product_id) REFERENCES license(id, product_id),
  constraint license_feature_position_check CHECK ((("position" >= 0) AND ("position" <= 199))),
  constraint license_feature_product_id_code_fkey FOREIGN KEY (product_id, code) REFERENCES product_feature(product_id, code),
  constraint license_feature_product_id_code_kind_fkey FOREIGN KEY (product_id, code, kind) REFERENCES product_feature(product_id, code, kind),
  constraint license_feature_seats_check CHECK (((seats >= 0) AND (seats <= 1000000)))
);

-- The feed of changes that activation follows, compacted: each license once, at its last change.
create table license_feed (
  license_id uuid not null,
  feed_revision bigint not null,
  constraint license_feed_pkey PRIMARY KEY (license_id),
  constraint license_feed_feed_revision_check CHECK ((feed_revision >= 1)),
  constraint license_feed_feed_revision_key UNIQUE (feed_revision),
  constraint license_feed_license_id_fkey FOREIGN KEY (license_id) REFERENCES license(id)
);

-- The history of every license: who did what, when and why, and what the license was then.
-- Append-only.
create table license_revision (
  license_id uuid not null,
  revision bigint not null,
  at timestamp with time zone not null,
  subject text not null,
  action text not null,
  snapshot jsonb not null,
  why text not null default ''::text,
  constraint license_revision_pkey PRIMARY KEY (license_id, revision),
  constraint license_revision_action_check CHECK ((action = ANY (ARRAY['ISSUE'::text, 'AMEND'::text, 'RENEW'::text, 'SUSPEND'::text, 'RESUME'::text, 'REVOKE'::text, 'TRANSFER'::text]))),
  constraint license_revision_first_check CHECK (
CASE
    WHEN (revision = 1) THEN (action = ANY (ARRAY['ISSUE'::text, 'TRANSFER'::text]))
    ELSE (action <> 'ISSUE'::text)
END),
  constraint license_revision_license_id_fkey FOREIGN KEY (license_id) REFERENCES license(id),
  constraint license_revision_subject_check CHECK ((subject <> ''::text)),
  constraint license_revision_why_check CHECK ((char_length(why) <= 500))
);

-- That a person acts for a customer.
create table membership (
  account_id uuid not null,
  customer_id uuid not null,
  role text not null,
  create_time timestamp with time zone not null,
  constraint membership_pkey PRIMARY KEY (account_id, customer_id),
  constraint membership_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint membership_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id),
  constraint membership_role_check CHECK ((role = ANY (ARRAY['ADMINISTRATOR'::text, 'USER'::text])))
);

-- What licenses are for.
create table product (
  id text not null,
  display_name text not null,
  sales_contact text not null,
  create_time timestamp with time zone not null,
  help_contact text not null default ''::text,
  version_policy jsonb not null default '{"tolerance": "ANY"}'::jsonb,
  revision bigint not null default 1,
  update_time timestamp with time zone not null,
  constraint product_pkey PRIMARY KEY (id),
  constraint product_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint product_help_contact_check CHECK ((char_length(help_contact) <= 200)),
  constraint product_id_check CHECK ((id ~ '^[a-z][a-z0-9-]{0,63}$'::text)),
  constraint product_revision_check CHECK ((revision >= 1)),
  constraint product_sales_contact_check CHECK ((char_length(sales_contact) <= 200)),
  constraint product_version_policy_check CHECK (COALESCE(((version_policy ->> 'tolerance'::text) = ANY (ARRAY['ANY'::text, 'SAME_MAJOR'::text, 'SAME_MINOR'::text])), false))
);

-- The features of each product, in the order in which they are shown.
create table product_feature (
  product_id text not null,
  code text not null,
  display_name text not null,
  "position" integer not null,
  kind text not null default 'UNSPECIFIED'::text,
  constraint product_feature_pkey PRIMARY KEY (product_id, code),
  constraint product_feature_code_check CHECK ((code ~ '^[a-z][a-z0-9_-]{0,63}$'::text)),
  constraint product_feature_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint product_feature_kind_check CHECK ((kind = ANY (ARRAY['UNSPECIFIED'::text, 'SWITCH'::text, 'COUNTED'::text]))),
  constraint product_feature_position_check CHECK ((("position" >= 0) AND ("position" <= 199))),
  constraint product_feature_product_id_code_kind_key UNIQUE (product_id, code, kind),
  constraint product_feature_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  constraint product_feature_product_id_position_key UNIQUE (product_id, "position") DEFERRABLE
);

-- Product keys of licenses, as MACs: what is known of each but the key itself
create table product_key (
  id uuid not null,
  license_id uuid not null,
  pepper_version text not null,
  mac bytea not null,
  hint text not null,
  create_time timestamp with time zone not null,
  state text not null default 'ACTIVE'::text,
  replaced_by uuid,
  sealed_key bytea,
  constraint product_key_pkey PRIMARY KEY (id),
  constraint product_key_hint_check CHECK ((char_length(hint) = 5)),
  constraint product_key_id_license_id_key UNIQUE (id, license_id),
  constraint product_key_kept_check CHECK (((sealed_key IS NULL) OR (state = 'ACTIVE'::text))),
  constraint product_key_license_id_fkey FOREIGN KEY (license_id) REFERENCES license(id),
  constraint product_key_mac_check CHECK ((octet_length(mac) = 32)),
  constraint product_key_pepper_version_check CHECK ((pepper_version ~ '^[0-9a-f]{16}$'::text)),
  constraint product_key_pepper_version_mac_key UNIQUE (pepper_version, mac),
  constraint product_key_replaced_by_check CHECK ((replaced_by <> id)),
  constraint product_key_replaced_by_fkey FOREIGN KEY (replaced_by, license_id) REFERENCES product_key(id, license_id),
  constraint product_key_replaced_check CHECK (((replaced_by IS NULL) OR (state = 'REVOKED'::text))),
  constraint product_key_sealed_key_check CHECK ((octet_length(sealed_key) = 57)),
  constraint product_key_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'REVOKED'::text])))
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

-- The version of the revocation list: how many revocations there were. One row.
create table revocation_head (
  only_row boolean not null default true,
  version bigint not null,
  constraint revocation_head_pkey PRIMARY KEY (only_row),
  constraint revocation_head_only_row_check CHECK (only_row),
  constraint revocation_head_version_check CHECK ((version >= 0))
);

-- Installations whose certificates are not believed if they were issued until the revocation. A row
-- leaves when the last of them is over.
create table revoked_installation (
  installation_id uuid not null,
  revoke_time timestamp with time zone not null,
  until_time timestamp with time zone not null,
  constraint revoked_installation_pkey PRIMARY KEY (installation_id),
  constraint revoked_installation_bounded_check CHECK (((until_time > revoke_time) AND (until_time <= (revoke_time + '31 days'::interval))))
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

-- What is signed with, was, or must not be believed. Private keys are sealed under the
-- key-encryption key, which is not in the database, and kept only while they sign.
create table signing_key (
  kid text not null,
  purpose text not null,
  public_key bytea not null,
  sealed_private_key bytea,
  create_time timestamp with time zone not null,
  generation bigint not null,
  state text not null,
  retire_time timestamp with time zone,
  constraint signing_key_pkey PRIMARY KEY (kid),
  constraint signing_key_generation_check CHECK ((generation >= 1)),
  constraint signing_key_public_key_check CHECK ((octet_length(public_key) = 32)),
  constraint signing_key_purpose_check CHECK ((purpose = ANY (ARRAY['license'::text, 'install'::text, 'audit'::text]))),
  constraint signing_key_retired_check CHECK (((state = 'ACTIVE'::text) = (retire_time IS NULL))),
  constraint signing_key_sealed_check CHECK (((state = 'ACTIVE'::text) = (sealed_private_key IS NOT NULL))),
  constraint signing_key_sealed_private_key_check CHECK ((octet_length(sealed_private_key) = 60)),
  constraint signing_key_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'RETIRED'::text, 'REVOKED'::text])))
);

-- Every trust bundle that was signed: which keys are to be believed, under the deployment's root
-- key.
create table trust_bundle (
  version bigint not null,
  token text not null,
  create_time timestamp with time zone not null,
  constraint trust_bundle_pkey PRIMARY KEY (version),
  constraint trust_bundle_version_check CHECK ((version >= 1))
);

CREATE INDEX account_listed ON public.account USING btree (create_time, id);

CREATE INDEX administrator_role_owner ON public.administrator_role USING btree (account_id) WHERE (role = 'OWNER'::text);

CREATE INDEX audit_entry_request ON public.audit_entry USING btree (request_id, sequence);

CREATE INDEX audit_entry_resource ON public.audit_entry USING btree (resource, sequence);

CREATE INDEX audit_entry_subject ON public.audit_entry USING btree (subject, sequence);

CREATE INDEX customer_listed ON public.customer USING btree (create_time, id);

CREATE INDEX edition_feature_named ON public.edition_feature USING btree (product_id, code);

CREATE INDEX edition_listed ON public.edition USING btree (product_id, create_time, id);

CREATE INDEX invitation_listed ON public.invitation USING btree (customer_id, create_time, id);

CREATE INDEX join_request_listed ON public.join_request USING btree (customer_id, create_time, id);

CREATE UNIQUE INDEX join_request_open ON public.join_request USING btree (account_id, customer_id) WHERE (state = 'OPEN'::text);

CREATE INDEX license_customer ON public.license USING btree (customer_id);

CREATE INDEX license_feature_named ON public.license_feature USING btree (product_id, code);

CREATE INDEX license_listed ON public.license USING btree (customer_id, create_time, id);

CREATE INDEX license_listed_of_all ON public.license USING btree (create_time, id);

CREATE INDEX license_revoked ON public.license USING btree (update_time, id) WHERE (state = 'REVOKED'::text);

CREATE INDEX membership_customer ON public.membership USING btree (customer_id);

CREATE INDEX product_key_license ON public.product_key USING btree (license_id, create_time, id);

CREATE UNIQUE INDEX product_key_replaced_by ON public.product_key USING btree (replaced_by) WHERE (replaced_by IS NOT NULL);

CREATE INDEX product_listed ON public.product USING btree (create_time, id);

CREATE INDEX request_reply_expires ON public.request_reply USING btree (expires);

CREATE INDEX revoked_installation_until ON public.revoked_installation USING btree (until_time);

CREATE UNIQUE INDEX signing_key_active ON public.signing_key USING btree (purpose) WHERE (state = 'ACTIVE'::text);

CREATE UNIQUE INDEX signing_key_generation ON public.signing_key USING btree (purpose, generation) WHERE (state <> 'REVOKED'::text);

CREATE OR REPLACE FUNCTION public.audit_hash(previous bytea, entry audit_entry)
 RETURNS bytea
 LANGUAGE sql
AS $function$
  select sha256(
    '\x00'::bytea || previous
    || int8send(entry.sequence) || int8send((extract(epoch from entry.at) * 1000000)::bigint)
    || audit_text(entry.subject) || audit_text(entry.method) || audit_text(entry.resource)
    || audit_text(entry.why) || audit_text(entry.request_id::text) || entry.request_sha256
  )
$function$;

CREATE OR REPLACE FUNCTION public.audit_text(value text)
 RETURNS bytea
 LANGUAGE sql
AS $function$
  select int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8')
$function$;

CREATE OR REPLACE FUNCTION public.chain_audit_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  head audit_head;
begin
  select * into strict head from audit_head for update;
  new.sequence := head.sequence + 1;
  new.hash := audit_hash(head.hash, new);
  update audit_head set sequence = new.sequence, hash = new.hash;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_audit_head()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.sequence <> old.sequence + 1 then
    raise exception 'the head of the audit log goes on by one entry at a time';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_bootstrap_token()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'a bootstrap token is not forgotten';
  end if;
  if (new.sha256, new.first_seen_time) is distinct from (old.sha256, old.first_seen_time)
    or new.latest_time < old.latest_time then
    raise exception 'a bootstrap token lives no longer';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_customer_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'a customer changes by one revision at a time';
  end if;
  if old.state = 'CLOSED' then
    raise exception 'a closed customer does not change';
  end if;
  if (new.id, new.create_time) is distinct from (old.id, old.create_time) then
    raise exception 'a customer keeps its id';
  end if;
  if new.state = 'CLOSED' and exists (
    select from license
    where customer_id = new.id and state <> 'REVOKED' and end_time > new.update_time
  ) then
    raise exception 'a customer with a license does not close';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_edition_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'an edition changes by one revision at a time';
  end if;
  if (new.product_id, new.id, new.create_time)
    is distinct from (old.product_id, old.id, old.create_time) then
    raise exception 'an edition keeps its product and its id';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_license_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'a license changes by one revision at a time';
  end if;
  if old.state = 'REVOKED' then
    raise exception 'a revoked license does not change';
  end if;
  if (new.id, new.customer_id, new.product_id, new.create_time, new.model, new.trial,
      new.transferred_from)
    is distinct from (old.id, old.customer_id, old.product_id, old.create_time, old.model, old.trial,
      old.transferred_from) then
    raise exception 'a license keeps its owner, its product and its model';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_license_transfer()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (
    select from license former
    join license latter on latter.id = former.transferred_to
    where latter.transferred_from = former.id
      and former.customer_id <> latter.customer_id
      and (former.id = new.id and latter.id = new.transferred_to
        or latter.id = new.id and former.id = new.transferred_from)
  ) then
    raise exception 'a transfer has two sides that name each other, of two customers';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.check_product_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'a product changes by one revision at a time';
  end if;
  if (new.id, new.create_time) is distinct from (old.id, old.create_time) then
    raise exception 'a product keeps its id';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_product_key_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state = 'REVOKED' and (new.state, new.replaced_by, new.pepper_version, new.mac)
    is distinct from (old.state, old.replaced_by, old.pepper_version, old.mac) then
    raise exception 'a revoked product key does not change';
  end if;
  if (new.id, new.hint, new.create_time) is distinct from (old.id, old.hint, old.create_time) then
    raise exception 'a product key stays what it is';
  end if;
  if new.sealed_key is not null and new.sealed_key is distinct from old.sealed_key then
    raise exception 'a product key is kept when it is made, or never';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_revocation_head()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'UPDATE' or new.version <> old.version + 1 then
    raise exception 'the version of the revocation list rises by one at a time';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_settled_once()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state <> 'OPEN' then
    raise exception 'what was decided stays so';
  end if;
  if (to_jsonb(new) - 'state' - 'accepted_by') <> (to_jsonb(old) - 'state' - 'accepted_by') then
    raise exception 'only what became of it changes';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_signing_key_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (new.kid, new.purpose, new.public_key, new.generation, new.create_time)
    is distinct from (old.kid, old.purpose, old.public_key, old.generation, old.create_time) then
    raise exception 'a signing key stays what it is';
  end if;
  if old.state = 'REVOKED' or (old.state = 'RETIRED' and new.state = 'ACTIVE') then
    raise exception 'a signing key does not come back';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.check_trust_bundle_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.version <> (select coalesce(max(version), 0) + 1 from trust_bundle) then
    raise exception 'the version of the trust bundle rises by one at a time';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.count_revocation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update revocation_head set version = version + 1;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_an_owner()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('leasehold.issuer.administrators', 0));
  if not exists (select from administrator_role where role = 'OWNER') then
    raise exception 'a deployment keeps an owner';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.name_edition_features()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from edition_feature where product_id = new.product_id and edition_id = new.id;
  -- A feature that the product does not have has no kind, and is refused for it.
  insert into edition_feature (product_id, edition_id, code, kind, has_limit)
  select new.product_id, new.id, named ->> 'feature', p.kind, named ? 'limit'
  from jsonb_array_elements(new.terms -> 'features') named
  left join product_feature p on p.product_id = new.product_id and p.code = named ->> 'feature';
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit log is append-only';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_edition_of_license()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a license keeps the edition that it was issued by';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_generation_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a generation of product keys stays retired';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_history_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'history is append-only';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_truncation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the table is not emptied';
end $function$;

CREATE OR REPLACE FUNCTION public.require_identity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  account_left uuid;
begin
  if tg_table_name = 'account' then
    account_left := new.id;
  else
    account_left := old.account_id;
  end if;
  perform from account where id = account_left for no key update;
  if found and not exists (select from account_identity where account_id = account_left) then
    raise exception 'an account needs an identity';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.require_issuing_edition()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  issued_by bigint;
  current_revision bigint;
  is_retired boolean;
begin
  select l.edition_revision, e.revision, e.retired into issued_by, current_revision, is_retired
  from license l
  join edition e on e.product_id = l.product_id and e.id = l.edition_id
  where l.id = new.license_id
  for share of e;
  if found and (is_retired or issued_by <> current_revision) then
    raise exception 'the edition does not issue licenses by this revision';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.require_open_customer()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  customer_state text;
begin
  select state into customer_state from customer where id = new.customer_id for share;
  if customer_state = 'CLOSED' then
    raise exception 'the customer is closed';
  end if;
  return new;
end $function$;

CREATE CONSTRAINT TRIGGER account_has_identity AFTER INSERT ON public.account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_identity();

CREATE CONSTRAINT TRIGGER account_keeps_identity AFTER DELETE OR UPDATE ON public.account_identity DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_identity();

CREATE TRIGGER administrator_role_kept BEFORE TRUNCATE ON public.administrator_role FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation();

CREATE TRIGGER administrator_role_owner_kept AFTER DELETE OR UPDATE ON public.administrator_role FOR EACH ROW WHEN ((old.role = 'OWNER'::text)) EXECUTE FUNCTION keep_an_owner();

CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_entry_chain BEFORE INSERT ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();

CREATE TRIGGER audit_head_forward BEFORE UPDATE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION check_audit_head();

CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER bootstrap_token_kept BEFORE DELETE OR UPDATE ON public.bootstrap_token FOR EACH ROW EXECUTE FUNCTION check_bootstrap_token();

CREATE TRIGGER bootstrap_token_not_emptied BEFORE TRUNCATE ON public.bootstrap_token FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation();

CREATE TRIGGER customer_change BEFORE UPDATE ON public.customer FOR EACH ROW EXECUTE FUNCTION check_customer_change();

CREATE TRIGGER customer_revision_append_only BEFORE DELETE OR UPDATE ON public.customer_revision FOR EACH ROW EXECUTE FUNCTION refuse_history_change();

CREATE TRIGGER edition_change BEFORE UPDATE ON public.edition FOR EACH ROW EXECUTE FUNCTION check_edition_change();

CREATE TRIGGER edition_names_features AFTER INSERT OR UPDATE OF terms ON public.edition FOR EACH ROW EXECUTE FUNCTION name_edition_features();

CREATE TRIGGER edition_revision_append_only BEFORE DELETE OR UPDATE ON public.edition_revision FOR EACH ROW EXECUTE FUNCTION refuse_history_change();

CREATE TRIGGER invitation_customer_open BEFORE INSERT ON public.invitation FOR EACH ROW EXECUTE FUNCTION require_open_customer();

CREATE TRIGGER invitation_settled BEFORE UPDATE ON public.invitation FOR EACH ROW EXECUTE FUNCTION check_settled_once();

CREATE TRIGGER join_request_customer_open BEFORE INSERT ON public.join_request FOR EACH ROW EXECUTE FUNCTION require_open_customer();

CREATE TRIGGER join_request_settled BEFORE UPDATE ON public.join_request FOR EACH ROW EXECUTE FUNCTION check_settled_once();

CREATE TRIGGER key_generation_retirement_stays BEFORE DELETE OR UPDATE ON public.key_generation_retirement FOR EACH ROW EXECUTE FUNCTION refuse_generation_change();

CREATE TRIGGER license_change BEFORE UPDATE ON public.license FOR EACH ROW EXECUTE FUNCTION check_license_change();

CREATE TRIGGER license_customer_open BEFORE INSERT ON public.license FOR EACH ROW EXECUTE FUNCTION require_open_customer();

CREATE TRIGGER license_customer_open_still BEFORE UPDATE ON public.license FOR EACH ROW WHEN ((new.end_time > old.end_time)) EXECUTE FUNCTION require_open_customer();

CREATE TRIGGER license_issuing_edition BEFORE INSERT ON public.license_revision FOR EACH ROW WHEN ((new.action = 'ISSUE'::text)) EXECUTE FUNCTION require_issuing_edition();

CREATE TRIGGER license_keeps_edition BEFORE UPDATE ON public.license FOR EACH ROW WHEN (((new.edition_id IS DISTINCT FROM old.edition_id) OR (new.edition_revision IS DISTINCT FROM old.edition_revision))) EXECUTE FUNCTION refuse_edition_of_license();

CREATE TRIGGER license_revision_append_only BEFORE DELETE OR UPDATE ON public.license_revision FOR EACH ROW EXECUTE FUNCTION refuse_history_change();

CREATE TRIGGER license_revocation_counted AFTER INSERT OR UPDATE ON public.license FOR EACH ROW WHEN ((new.state = 'REVOKED'::text)) EXECUTE FUNCTION count_revocation();

CREATE CONSTRAINT TRIGGER license_transfer AFTER INSERT OR UPDATE ON public.license DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.transferred_to IS NOT NULL) OR (new.transferred_from IS NOT NULL))) EXECUTE FUNCTION check_license_transfer();

CREATE TRIGGER membership_customer_open BEFORE INSERT OR UPDATE ON public.membership FOR EACH ROW EXECUTE FUNCTION require_open_customer();

CREATE TRIGGER product_change BEFORE UPDATE ON public.product FOR EACH ROW EXECUTE FUNCTION check_product_change();

CREATE TRIGGER product_key_change BEFORE UPDATE ON public.product_key FOR EACH ROW EXECUTE FUNCTION check_product_key_change();

CREATE TRIGGER revocation_head_forward BEFORE DELETE OR UPDATE ON public.revocation_head FOR EACH ROW EXECUTE FUNCTION check_revocation_head();

CREATE TRIGGER revoked_installation_counted AFTER INSERT OR UPDATE ON public.revoked_installation FOR EACH ROW EXECUTE FUNCTION count_revocation();

CREATE TRIGGER signing_key_change BEFORE UPDATE ON public.signing_key FOR EACH ROW EXECUTE FUNCTION check_signing_key_change();

CREATE TRIGGER trust_bundle_version BEFORE INSERT ON public.trust_bundle FOR EACH ROW EXECUTE FUNCTION check_trust_bundle_version();

create view account_with_roles as
 SELECT id,
    display_name,
    email,
    create_time,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('issuer', i.issuer, 'subject', i.subject) ORDER BY i.link_time, i.slot) AS jsonb_agg
           FROM account_identity i
          WHERE (i.account_id = a.id)), '[]'::jsonb) AS identities,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('customerId', m.customer_id, 'role', m.role, 'createTime', ((EXTRACT(epoch FROM m.create_time) * (1000)::numeric))::bigint) ORDER BY m.create_time, m.customer_id) AS jsonb_agg
           FROM membership m
          WHERE (m.account_id = a.id)), '[]'::jsonb) AS memberships,
    COALESCE(( SELECT jsonb_agg(r.role ORDER BY r.grant_time, r.role) AS jsonb_agg
           FROM administrator_role r
          WHERE (r.account_id = a.id)), '[]'::jsonb) AS deployment_roles
   FROM account a;

create view administrator as
 SELECT id,
    display_name,
    email,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('role', r.role, 'grantedBy', r.granted_by, 'grantTime', ((EXTRACT(epoch FROM r.grant_time) * (1000)::numeric))::bigint) ORDER BY r.grant_time, r.role) AS jsonb_agg
           FROM administrator_role r
          WHERE (r.account_id = a.id)), '[]'::jsonb) AS grants
   FROM account a;

create view license_with_features as
 SELECT l.id,
    l.customer_id,
    l.product_id,
    l.revision,
    l.state,
    l.licensee_name,
    l.licensee_organization,
    l.model,
    l.trial,
    l.seats,
    l.start_time,
    l.end_time,
    l.maintenance_end_time,
    l.oldest_version,
    l.newest_version,
    l.validity_ms,
    l.grace_ms,
    l.change_policy,
    l.seat_policy,
    l.installation_policy,
    l.edition_id,
    l.edition_revision,
    l.create_time,
    l.update_time,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('feature', f.code, 'limit', (f.feature_limit)::text, 'seats', f.seats) ORDER BY f."position") AS jsonb_agg
           FROM license_feature f
          WHERE (f.license_id = l.id)), '[]'::jsonb) AS features,
    l.transferred_from,
    former.customer_id AS transferred_from_customer,
    l.transferred_to,
    latter.customer_id AS transferred_to_customer,
    l.resource_limit
   FROM ((license l
     LEFT JOIN license former ON ((former.id = l.transferred_from)))
     LEFT JOIN license latter ON ((latter.id = l.transferred_to)));

create view product_with_features as
 SELECT id,
    display_name,
    sales_contact,
    help_contact,
    version_policy,
    revision,
    create_time,
    update_time,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('code', f.code, 'displayName', f.display_name, 'kind', f.kind) ORDER BY f."position") AS jsonb_agg
           FROM product_feature f
          WHERE (f.product_id = p.id)), '[]'::jsonb) AS features
   FROM product p;
