-- Installations, and what the licenses entitle to, with the feed of its changes.
-- Times come from the service's clock or from the issuer, never from the database's.

create table installation (
  id uuid primary key,
  license text not null,
  product text not null,
  public_key bytea not null check (length(public_key) = 32),
  host text not null check (char_length(host) <= 200),
  create_time timestamptz not null,
  -- The same key pair unlocked again with the same license is the same installation.
  unique (license, public_key)
);

create table entitlement (
  license text primary key,
  revision bigint not null check (revision >= 1),
  state text not null check (state in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
  product text not null,
  model text not null check (model in ('FLOATING')),
  seats integer not null check (seats between 1 and 1000000),
  -- [{"feature": text, "limit": text of a 64-bit integer, absent for a switch}]
  features jsonb not null check (jsonb_typeof(features) = 'array'),
  start_time timestamptz not null,
  end_time timestamptz not null,
  validity_ms integer not null check (validity_ms > 0),
  grace_ms integer not null check (grace_ms > 0),
  -- Where in the feed the license changed last.
  feed_revision bigint not null unique check (feed_revision >= 1),
  check (end_time > start_time)
);

-- One row. Whoever changes an entitlement holds its lock until the change is committed, so
-- changes become visible in the order of their feed revisions: who has read up to one has
-- missed nothing before it.
create table feed (
  only_row boolean primary key default true check (only_row),
  -- Of the last change of an entitlement; 0 before the first.
  revision bigint not null default 0 check (revision >= 0),
  -- How far the issuer's feed has been dealt with.
  issuer_cursor bigint not null default 0 check (issuer_cursor >= 0)
);
insert into feed default values;

-- One row once the issuer was reached for the first time: its newest trust bundle, which
-- lets the service verify installations while the issuer is away.
create table trust (
  only_row boolean primary key default true check (only_row),
  version integer not null check (version >= 1),
  token text not null
);
