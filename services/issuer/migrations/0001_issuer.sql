-- Customers, products, licenses with their history and feed, product keys, signing keys.
-- Times come from the service's clock, never from the database's, and are whole milliseconds.

create table customer (
  id uuid primary key,
  display_name text not null check (char_length(display_name) between 1 and 200),
  reference_id text not null unique check (reference_id ~ '^[A-Za-z0-9_.-]{3,64}$'),
  create_time timestamptz not null
);

create table product (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,63}$'),
  display_name text not null check (char_length(display_name) between 1 and 200),
  sales_contact text not null check (char_length(sales_contact) <= 200),
  create_time timestamptz not null
);

create table product_feature (
  product_id text not null references product,
  code text not null check (code ~ '^[a-z][a-z0-9_-]{0,63}$'),
  display_name text not null check (char_length(display_name) between 1 and 200),
  position integer not null check (position between 0 and 199),
  primary key (product_id, code),
  unique (product_id, position)
);

create table license (
  id uuid primary key,
  customer_id uuid not null references customer,
  product_id text not null references product,
  revision bigint not null check (revision >= 1),
  state text not null check (state in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
  licensee_name text not null check (char_length(licensee_name) between 1 and 200),
  licensee_organization text not null check (char_length(licensee_organization) between 1 and 200),
  model text not null check (model = 'FLOATING'),
  seats integer not null check (seats between 1 and 1000000),
  start_time timestamptz not null,
  end_time timestamptz not null,
  validity_ms integer not null check (validity_ms between 3000 and 3600000),
  grace_ms integer not null check (grace_ms between 1000 and 60000),
  create_time timestamptz not null,
  update_time timestamptz not null,
  check (end_time > start_time),
  -- What license_feature points at: a license cannot unlock another product's features.
  unique (id, product_id)
);
create index license_customer on license (customer_id);

create table license_feature (
  license_id uuid not null,
  product_id text not null,
  code text not null,
  -- How many of the thing; null for a switch. Certificates carry it as a JSON number.
  feature_limit bigint check (feature_limit between 0 and 9007199254740991),
  position integer not null check (position between 0 and 199),
  primary key (license_id, code),
  unique (license_id, position),
  foreign key (license_id, product_id) references license (id, product_id),
  foreign key (product_id, code) references product_feature (product_id, code)
);

-- The history of every license: who did what, when, and what the license was then.
create table license_revision (
  license_id uuid not null references license,
  revision bigint not null,
  at timestamptz not null,
  subject text not null check (subject <> ''),
  action text not null check (action in ('ISSUE', 'AMEND', 'SUSPEND', 'RESUME', 'REVOKE')),
  snapshot jsonb not null,
  primary key (license_id, revision),
  check ((action = 'ISSUE') = (revision = 1))
);

-- No revision of a license without its history row, whoever writes it.
alter table license
  add constraint license_has_history foreign key (id, revision)
  references license_revision (license_id, revision) deferrable initially deferred;

create function refuse_history_change() returns trigger language plpgsql as $$
begin
  raise exception 'the history of licenses is append-only';
end $$;
create trigger license_revision_append_only before update or delete on license_revision
  for each row execute function refuse_history_change();

-- A license changes by exactly one revision at a time, keeps its owner and its product,
-- and never comes back from revocation.
create function check_license_change() returns trigger language plpgsql as $$
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
end $$;
create trigger license_change before update on license
  for each row execute function check_license_change();

-- Where the feed of license changes stands: one row. Who advances it holds its lock until
-- the commit, so that the order of feed revisions is the order of commits, and a reader
-- that sees one sees every smaller one.
create table feed_head (
  only_row boolean primary key default true check (only_row),
  revision bigint not null check (revision >= 0)
);
insert into feed_head (revision) values (0);

-- The feed, compacted: each license once, at its last change.
create table license_feed (
  license_id uuid primary key references license,
  feed_revision bigint not null unique check (feed_revision >= 1)
);

-- A product key is kept as its MAC only.
create table product_key (
  id uuid primary key,
  license_id uuid not null references license,
  pepper_version text not null check (pepper_version ~ '^[0-9a-f]{16}$'),
  mac bytea not null check (octet_length(mac) = 32),
  hint text not null check (char_length(hint) = 5),
  create_time timestamptz not null,
  unique (pepper_version, mac)
);
create index product_key_license on product_key (license_id);

-- Private keys are sealed under the key-encryption key: nonce, ciphertext, tag.
create table signing_key (
  kid text primary key,
  purpose text not null unique check (purpose in ('license', 'install')),
  public_key bytea not null check (octet_length(public_key) = 32),
  sealed_private_key bytea not null check (octet_length(sealed_private_key) = 60),
  create_time timestamptz not null
);

create table trust_bundle (
  version bigint primary key check (version >= 1),
  token text not null,
  create_time timestamptz not null
);

-- A license with its features, as every reader takes it.
create view license_with_features as
select
  l.id, l.customer_id, l.product_id, l.revision, l.state,
  l.licensee_name, l.licensee_organization,
  l.model, l.seats, l.start_time, l.end_time, l.validity_ms, l.grace_ms,
  l.create_time, l.update_time,
  coalesce(
    (
      select jsonb_agg(jsonb_build_object('feature', f.code, 'limit', f.feature_limit::text) order by f.position)
      from license_feature f
      where f.license_id = l.id
    ),
    '[]'::jsonb
  ) as features
from license l;
