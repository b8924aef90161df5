-- Who did what to a pool, when and why. Append-only.
create table administration_act (
  number bigint not null,
  license uuid not null,
  kind text not null,
  lease text,
  installation uuid,
  immediate boolean,
  reason text not null,
  subject text not null,
  act_time timestamp with time zone not null,
  constraint administration_act_pkey PRIMARY KEY (number),
  constraint administration_act_kind_known CHECK ((kind = ANY (ARRAY['REVOKE_SEAT'::text, 'DRAIN_POOL'::text, 'RESUME_POOL'::text]))),
  constraint administration_act_license_fkey FOREIGN KEY (license) REFERENCES pool(license),
  constraint administration_act_of_seat CHECK ((((kind = 'REVOKE_SEAT'::text) = (lease IS NOT NULL)) AND ((lease IS NULL) = (immediate IS NULL)))),
  constraint administration_act_reason_short CHECK ((char_length(reason) <= 500)),
  constraint administration_act_subject_known CHECK ((subject <> ''::text))
);

-- How many acts there are. One row, locked until the commit by whoever adds one, so that a reader
-- who sees one sees every smaller one.
create table administration_head (
  one boolean not null default true,
  number bigint not null,
  constraint administration_head_pkey PRIMARY KEY (one),
  constraint administration_head_single CHECK (one)
);

-- Borrowed seats, until they are free: a pool that lost its data is given them back, for their
-- holders send no heartbeats. Names in it are personal data.
create table borrow (
  license uuid not null,
  lease text not null,
  claim text not null,
  fence bigint not null,
  overdraft boolean not null,
  installation uuid not null,
  holder jsonb not null,
  grant_time timestamp with time zone not null,
  end_time timestamp with time zone not null,
  free_time timestamp with time zone not null,
  constraint borrow_pkey PRIMARY KEY (license, lease),
  constraint borrow_free_after_end CHECK ((free_time > end_time)),
  constraint borrow_holder_listed CHECK ((jsonb_typeof(holder) = 'array'::text)),
  constraint borrow_license_fkey FOREIGN KEY (license) REFERENCES pool(license)
);

-- How far activation's feed was followed. One row.
create table feed_cursor (
  one boolean not null default true,
  "position" bigint not null,
  constraint feed_cursor_pkey PRIMARY KEY (one),
  constraint feed_cursor_single CHECK (one)
);

-- The terms of every license, and how often its pool was set up: what the seat-broker must not
-- forget when Redis does.
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
  seat_policy jsonb not null default '{}'::jsonb,
  drained boolean not null default false,
  room integer not null default 0,
  drain_revision bigint not null default 0,
  naming jsonb,
  naming_revision bigint not null default 0,
  barred uuid[] not null default '{}'::uuid[],
  barred_revision bigint not null default 0,
  change_policy text not null default 'LIVE'::text,
  versions jsonb not null default '{}'::jsonb,
  product_revision bigint not null default 0,
  bound_to text,
  constraint pool_pkey PRIMARY KEY (license),
  constraint pool_change_policy_known CHECK ((change_policy = ANY (ARRAY['LIVE'::text, 'RESTART_REQUIRED'::text]))),
  constraint pool_epoch_in_range CHECK (((lease_epoch >= 0) AND (lease_epoch <= '4294967295'::bigint))),
  constraint pool_features_listed CHECK ((jsonb_typeof(features) = 'array'::text)),
  constraint pool_grace_in_range CHECK (((grace_ms >= 1000) AND (grace_ms <= 60000))),
  constraint pool_longest_lease_covers CHECK ((longest_lease_ms >= (validity_ms + grace_ms))),
  constraint pool_model_known CHECK ((model = ANY (ARRAY['FLOATING'::text, 'NAMED_MACHINE'::text, 'NAMED_USER'::text, 'RESOURCE'::text]))),
  constraint pool_name_of_id CHECK (
CASE
    WHEN (bound_to IS NULL) THEN (name ~~ ('customers/%/licenses/'::text || license))
    ELSE (name ~~ ('customers/%/resources/'::text || license))
END),
  constraint pool_naming_object CHECK (((naming IS NULL) OR (jsonb_typeof(naming) = 'object'::text))),
  constraint pool_product_revision_told CHECK ((product_revision >= 0)),
  constraint pool_revision_positive CHECK ((revision > 0)),
  constraint pool_room_for_seats CHECK ((room >= seats)),
  constraint pool_seat_policy_object CHECK ((jsonb_typeof(seat_policy) = 'object'::text)),
  constraint pool_seats_in_range CHECK (((seats >= 1) AND (seats <= 1000000))),
  constraint pool_state_known CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'REVOKED'::text]))),
  constraint pool_term_forward CHECK ((end_time > start_time)),
  constraint pool_validity_in_range CHECK (((validity_ms >= 3000) AND (validity_ms <= 3600000))),
  constraint pool_versions_object CHECK ((jsonb_typeof(versions) = 'object'::text))
);

-- When each incarnation of Redis was first seen, in ms since 1970 by the clock of that Redis.
create table redis_incarnation (
  incarnation text not null,
  first_seen_ms bigint not null,
  constraint redis_incarnation_pkey PRIMARY KEY (incarnation)
);

-- Leases that were taken back, until nobody can hold them any more: a pool that lost its data must
-- not take them in again.
create table revocation (
  license uuid not null,
  lease text not null,
  immediate boolean not null,
  forget_time timestamp with time zone not null,
  constraint revocation_pkey PRIMARY KEY (license, lease),
  constraint revocation_license_fkey FOREIGN KEY (license) REFERENCES pool(license)
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

-- The newest trust bundle, as its root signed it. At most one row.
create table trust (
  one boolean not null default true,
  version bigint not null,
  bundle text not null,
  constraint trust_pkey PRIMARY KEY (one),
  constraint trust_single CHECK (one)
);

-- Leases that were asked for in vain. One row a lease; pruned by age, for its names are personal
-- data.
create table usage_denial (
  license uuid not null,
  lease uuid not null,
  installation uuid not null,
  user_name text not null,
  host text not null,
  process text not null,
  application_version text not null,
  address text not null,
  seats integer not null,
  features text[] not null,
  cause text not null,
  feature text not null,
  live integer not null,
  waiting integer not null,
  attempts integer not null,
  first_time timestamp with time zone not null,
  last_time timestamp with time zone not null,
  outcome text not null default 'OPEN'::text,
  granted_time timestamp with time zone,
  constraint usage_denial_pkey PRIMARY KEY (license, lease),
  constraint usage_denial_cause_known CHECK ((cause = ANY (ARRAY['FULL'::text, 'FEATURE_FULL'::text, 'RESERVED'::text, 'DRAINED'::text, 'HOLDER_EXCLUDED'::text, 'FEATURE_NOT_LICENSED'::text, 'VERSION_NOT_COVERED'::text, 'INSTALLATION_DISABLED'::text]))),
  constraint usage_denial_forward CHECK ((last_time >= first_time)),
  constraint usage_denial_outcome_known CHECK ((outcome = ANY (ARRAY['OPEN'::text, 'TRUE'::text, 'SERVED'::text, 'RETRY'::text]))),
  constraint usage_denial_served_told CHECK (((outcome = 'SERVED'::text) = (granted_time IS NOT NULL)))
);

-- How far the ledger of each license was taken over from Redis. One row a license.
create table usage_ledger (
  license uuid not null,
  epoch bigint not null default 0,
  number bigint not null default 0,
  dropped bigint not null default 0,
  uncertain boolean not null default false,
  recovered_epoch bigint not null default 0,
  recovered_time timestamp with time zone not null default '-infinity'::timestamp with time zone,
  learned_time timestamp with time zone not null default '-infinity'::timestamp with time zone,
  rolled_until timestamp with time zone not null default 'infinity'::timestamp with time zone,
  constraint usage_ledger_pkey PRIMARY KEY (license)
);

-- One row for each quarter of an hour in which a pool ('') or a feature was used or asked for.
create table usage_rollup (
  license uuid not null,
  feature text not null,
  start_time timestamp with time zone not null,
  peak integer not null,
  seat_ms bigint not null,
  seats integer not null,
  grants integer not null,
  denials integer not null,
  true_denials integer not null,
  constraint usage_rollup_pkey PRIMARY KEY (license, feature, start_time)
);

-- What became of seats that were granted. One row a lease; pruned by age, for its names are
-- personal data.
create table usage_session (
  license uuid not null,
  lease uuid not null,
  epoch bigint not null,
  fence bigint not null,
  installation uuid not null,
  user_name text not null,
  host text not null,
  process text not null,
  application_version text not null,
  address text not null,
  seats integer not null,
  features text[] not null,
  unit text not null,
  overdraft boolean not null,
  borrowed boolean not null,
  live integer not null,
  granted_time timestamp with time zone not null,
  ended_time timestamp with time zone,
  end_reason text,
  constraint usage_session_pkey PRIMARY KEY (license, lease),
  constraint usage_session_end_known CHECK ((end_reason = ANY (ARRAY['RELEASED'::text, 'EXPIRED'::text, 'REVOKED'::text, 'CHECKED_IN'::text, 'LOST'::text]))),
  constraint usage_session_end_told CHECK (((ended_time IS NULL) = (end_reason IS NULL))),
  constraint usage_session_forward CHECK ((ended_time >= granted_time))
);

CREATE INDEX borrow_free ON public.borrow USING btree (free_time);

CREATE INDEX pool_crowded ON public.pool USING btree (license) WHERE (room > seats);

CREATE INDEX pool_with_barred ON public.pool USING btree (license) WHERE (barred_revision > 0);

CREATE INDEX revocation_forget_time ON public.revocation USING btree (forget_time);

CREATE INDEX usage_denial_holder ON public.usage_denial USING btree (license, installation, user_name, host, first_time);

CREATE INDEX usage_denial_last ON public.usage_denial USING btree (last_time);

CREATE INDEX usage_denial_page ON public.usage_denial USING btree (license, first_time DESC, lease DESC);

CREATE INDEX usage_ledger_rolled_until ON public.usage_ledger USING btree (rolled_until);

CREATE INDEX usage_rollup_start ON public.usage_rollup USING btree (start_time);

CREATE INDEX usage_session_ended ON public.usage_session USING btree (ended_time);

CREATE INDEX usage_session_holder ON public.usage_session USING btree (license, installation, user_name, host, granted_time);

CREATE INDEX usage_session_open ON public.usage_session USING btree (license, epoch) WHERE (ended_time IS NULL);

CREATE INDEX usage_session_page ON public.usage_session USING btree (license, granted_time DESC, lease DESC);

CREATE OR REPLACE FUNCTION public.refuse_act_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the acts of administrators are append-only';
end $function$;

CREATE TRIGGER administration_act_append_only BEFORE DELETE OR UPDATE ON public.administration_act FOR EACH ROW EXECUTE FUNCTION refuse_act_change();
