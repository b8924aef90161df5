create table customer (
  id uuid not null,
  display_name text not null,
  reference_id text not null,
  create_time timestamp with time zone not null,
  constraint customer_pkey PRIMARY KEY (id),
  constraint customer_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
  constraint customer_reference_id_check CHECK ((reference_id ~ '^[A-Za-z0-9_.-]{3,64}$'::text)),
  constraint customer_reference_id_key UNIQUE (reference_id)
);

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

create table feed_head (
  only_row boolean not null default true,
  revision bigint not null,
  constraint feed_head_pkey PRIMARY KEY (only_row),
  constraint feed_head_only_row_check CHECK (only_row),
  constraint feed_head_revision_check CHECK ((revision >= 0))
);

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
  constraint license_pkey PRIMARY KEY (id),
  constraint license_check CHECK ((end_time > start_time)),
  constraint license_check1 CHECK (((edition_id IS NULL) = (edition_revision IS NULL))),
  constraint license_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id),
  constraint license_grace_ms_check CHECK (((grace_ms >= 1000) AND (grace_ms <= 60000))),
  constraint license_has_history FOREIGN KEY (id, revision) REFERENCES license_revision(license_id, revision) DEFERRABLE INITIALLY DEFERRED,
  constraint license_id_product_id_key UNIQUE (id, product_id),
  constraint license_licensee_name_check CHECK (((char_length(licensee_name) >= 1) AND (char_length(licensee_name) <= 200))),
  constraint license_licensee_organization_check CHECK (((char_length(licensee_organization) >= 1) AND (char_length(licensee_organization) <= 200))),
  constraint license_model_check CHECK ((model = 'FLOATING'::text)),
  constraint license_product_id_edition_id_edition_revision_fkey FOREIGN KEY (product_id, edition_id, edition_revision) REFERENCES edition_revision(product_id, edition_id, revision),
  constraint license_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  constraint license_revision_check CHECK ((revision >= 1)),
  constraint license_seat_policy_check CHECK (COALESCE((((seat_policy ->> 'sharing'::text) = ANY (ARRAY['PER_PROCESS'::text, 'PER_USER'::text, 'PER_DEVICE'::text])) AND ((((seat_policy ->> 'overdraft'::text))::integer >= 0) AND (((seat_policy ->> 'overdraft'::text))::integer <= 1000000)) AND ((((seat_policy ->> 'offlineDays'::text))::integer >= 0) AND (((seat_policy ->> 'offlineDays'::text))::integer <= 365)) AND (jsonb_array_length((seat_policy -> 'groups'::text)) <= 50) AND (jsonb_typeof((seat_policy -> 'includeGroups'::text)) = 'array'::text) AND (jsonb_typeof((seat_policy -> 'excludeGroups'::text)) = 'array'::text)), false)),
  constraint license_seats_check CHECK (((seats >= 1) AND (seats <= 1000000))),
  constraint license_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'REVOKED'::text]))),
  constraint license_validity_ms_check CHECK (((validity_ms >= 3000) AND (validity_ms <= 3600000)))
);

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

create table license_feed (
  license_id uuid not null,
  feed_revision bigint not null,
  constraint license_feed_pkey PRIMARY KEY (license_id),
  constraint license_feed_feed_revision_check CHECK ((feed_revision >= 1)),
  constraint license_feed_feed_revision_key UNIQUE (feed_revision),
  constraint license_feed_license_id_fkey FOREIGN KEY (license_id) REFERENCES license(id)
);

create table license_revision (
  license_id uuid not null,
  revision bigint not null,
  at timestamp with time zone not null,
  subject text not null,
  action text not null,
  snapshot jsonb not null,
  why text not null default ''::text,
  constraint license_revision_pkey PRIMARY KEY (license_id, revision),
  constraint license_revision_action_check CHECK ((action = ANY (ARRAY['ISSUE'::text, 'AMEND'::text, 'SUSPEND'::text, 'RESUME'::text, 'REVOKE'::text]))),
  constraint license_revision_check1 CHECK (((action = 'ISSUE'::text) = (revision = 1))),
  constraint license_revision_license_id_fkey FOREIGN KEY (license_id) REFERENCES license(id),
  constraint license_revision_subject_check CHECK ((subject <> ''::text)),
  constraint license_revision_why_check CHECK ((char_length(why) <= 500))
);

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

create table product_key (
  id uuid not null,
  license_id uuid not null,
  pepper_version text not null,
  mac bytea not null,
  hint text not null,
  create_time timestamp with time zone not null,
  constraint product_key_pkey PRIMARY KEY (id),
  constraint product_key_hint_check CHECK ((char_length(hint) = 5)),
  constraint product_key_license_id_fkey FOREIGN KEY (license_id) REFERENCES license(id),
  constraint product_key_mac_check CHECK ((octet_length(mac) = 32)),
  constraint product_key_pepper_version_check CHECK ((pepper_version ~ '^[0-9a-f]{16}$'::text)),
  constraint product_key_pepper_version_mac_key UNIQUE (pepper_version, mac)
);

create table request_reply (
  request_id uuid not null,
  method text not null,
  body_sha256 bytea not null,
  reply bytea,
  expires timestamp with time zone not null default (now() + '72:00:00'::interval),
  constraint request_reply_pkey PRIMARY KEY (request_id),
  constraint request_reply_body_sha256_check CHECK ((length(body_sha256) = 32))
);

create table schema_migration (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_time timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (version)
);

create table signing_key (
  kid text not null,
  purpose text not null,
  public_key bytea not null,
  sealed_private_key bytea not null,
  create_time timestamp with time zone not null,
  constraint signing_key_pkey PRIMARY KEY (kid),
  constraint signing_key_public_key_check CHECK ((octet_length(public_key) = 32)),
  constraint signing_key_purpose_check CHECK ((purpose = ANY (ARRAY['license'::text, 'install'::text]))),
  constraint signing_key_purpose_key UNIQUE (purpose),
  constraint signing_key_sealed_private_key_check CHECK ((octet_length(sealed_private_key) = 60))
);

create table trust_bundle (
  version bigint not null,
  token text not null,
  create_time timestamp with time zone not null,
  constraint trust_bundle_pkey PRIMARY KEY (version),
  constraint trust_bundle_version_check CHECK ((version >= 1))
);

CREATE INDEX edition_feature_named ON public.edition_feature USING btree (product_id, code);

CREATE INDEX edition_listed ON public.edition USING btree (product_id, create_time, id);

CREATE INDEX license_customer ON public.license USING btree (customer_id);

CREATE INDEX license_feature_named ON public.license_feature USING btree (product_id, code);

CREATE INDEX product_key_license ON public.product_key USING btree (license_id);

CREATE INDEX product_listed ON public.product USING btree (create_time, id);

CREATE INDEX request_reply_expires ON public.request_reply USING btree (expires);

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
  if (new.id, new.customer_id, new.product_id, new.create_time)
    is distinct from (old.id, old.customer_id, old.product_id, old.create_time) then
    raise exception 'a license keeps its owner and its product';
  end if;
  return new;
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

CREATE OR REPLACE FUNCTION public.refuse_edition_history_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the history of editions is append-only';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_edition_of_license()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a license keeps the edition that it was issued by';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_history_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the history of licenses is append-only';
end $function$;

CREATE TRIGGER edition_change BEFORE UPDATE ON public.edition FOR EACH ROW EXECUTE FUNCTION check_edition_change();

CREATE TRIGGER edition_names_features AFTER INSERT OR UPDATE OF terms ON public.edition FOR EACH ROW EXECUTE FUNCTION name_edition_features();

CREATE TRIGGER edition_revision_append_only BEFORE DELETE OR UPDATE ON public.edition_revision FOR EACH ROW EXECUTE FUNCTION refuse_edition_history_change();

CREATE TRIGGER license_change BEFORE UPDATE ON public.license FOR EACH ROW EXECUTE FUNCTION check_license_change();

CREATE TRIGGER license_keeps_edition BEFORE UPDATE ON public.license FOR EACH ROW WHEN (((new.edition_id IS DISTINCT FROM old.edition_id) OR (new.edition_revision IS DISTINCT FROM old.edition_revision))) EXECUTE FUNCTION refuse_edition_of_license();

CREATE TRIGGER license_revision_append_only BEFORE DELETE OR UPDATE ON public.license_revision FOR EACH ROW EXECUTE FUNCTION refuse_history_change();

CREATE TRIGGER product_change BEFORE UPDATE ON public.product FOR EACH ROW EXECUTE FUNCTION check_product_change();

create view license_with_features as
 SELECT id,
    customer_id,
    product_id,
    revision,
    state,
    licensee_name,
    licensee_organization,
    model,
    seats,
    start_time,
    end_time,
    validity_ms,
    grace_ms,
    create_time,
    update_time,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('feature', f.code, 'limit', (f.feature_limit)::text, 'seats', f.seats) ORDER BY f."position") AS jsonb_agg
           FROM license_feature f
          WHERE (f.license_id = l.id)), '[]'::jsonb) AS features,
    seat_policy,
    edition_id,
    edition_revision
   FROM license l;

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
