-- Resources of customers, the licenses that they are bound to, and the counts of their features.

-- What of a customer bears on its licenses, as the issuer told it last.
create table customer (
  -- customers/{customer}
  name text primary key,
  revision bigint not null check (revision >= 1),
  -- How many resources it may bind, over all its licenses; null: any number.
  resource_limit integer check (resource_limit >= 0)
);

create table resource (
  id uuid primary key,
  customer text not null references customer,
  external_id text not null check (char_length(external_id) between 1 and 200),
  display_name text not null check (char_length(display_name) between 1 and 200),
  kind text not null check (char_length(kind) between 1 and 64),
  -- The license that it is bound to; null: to none.
  license text references entitlement,
  -- The same, or the one that it was bound to last; null: it was never bound.
  pool_license text references entitlement,
  -- Rises with every change of its pool; 0: it never had one.
  pool_revision bigint not null default 0,
  -- Where in the feed its pool changed last. Never that of an entitlement: one counter numbers both.
  feed_revision bigint unique check (feed_revision >= 1),
  -- A removed one stays: registered anew it has the pool that it had.
  removed boolean not null default false,
  create_time timestamptz not null,
  update_time timestamptz not null,
  unique (customer, external_id),
  constraint resource_license_of_customer check (starts_with(license, customer || '/licenses/')),
  constraint resource_pool_of_license check (license is null or license = pool_license),
  constraint resource_pool_in_feed check ((pool_license is null) = (feed_revision is null)),
  constraint resource_removed_unbound check (license is null or not removed)
);
create index resource_bound on resource (customer, license) where license is not null;
create index resource_of_license on resource (license) where license is not null;
create index resource_listed on resource (customer, display_name, id) where not removed;

create table feature_count (
  resource uuid not null references resource,
  feature text not null check (char_length(feature) between 1 and 64),
  count bigint not null check (count >= 0),
  -- Of the report that counts; 0 before the first.
  sequence bigint not null check (sequence >= 0),
  update_time timestamptz not null,
  primary key (resource, feature)
);

comment on table customer is
  'What of each customer bears on its licenses, as the issuer told it last.';
comment on table resource is
  'Things of customers that are licensed by themselves, for example databases, and the license that each is bound to. Whoever changes that holds the lock of the feed.';
comment on table feature_count is
  'How many of a feature''s things a resource has, as it was reported and claimed.';

-- Licenses that are known already are told again, with their customers.
update feed set issuer_cursor = 0;
