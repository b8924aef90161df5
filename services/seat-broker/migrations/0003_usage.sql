-- The ledger: what became of seats. It is taken over from Redis, where the scripts that
-- decide write it down first. User and host names in it are personal data: sessions and
-- denials are pruned by age.

-- One row a license: how far its ledger was taken over.
create table usage_ledger (
  license uuid primary key,
  -- The last entry taken over: the pool's epoch in it, and its number. Later ones have a
  -- greater epoch, or the same and a greater number.
  epoch bigint not null default 0,
  number bigint not null default 0,
  -- How many entries are known to be lost.
  dropped bigint not null default 0,
  -- Whether the end of a session may be among them.
  uncertain boolean not null default false,
  -- The last recovery: sessions of earlier epochs whose holders are not back when learning
  -- ends are lost since then.
  recovered_epoch bigint not null default 0,
  recovered_time timestamptz not null default '-infinity',
  learned_time timestamptz not null default '-infinity',
  -- Every quarter of an hour before this is in usage_rollup. An entry about an earlier
  -- time sets it back.
  rolled_until timestamptz not null default 'infinity'
);

create index usage_ledger_rolled_until on usage_ledger (rolled_until);

-- One row a lease. Names are empty where they are unknown.
create table usage_session (
  license uuid not null,
  lease uuid not null,
  -- The last epoch under which it was granted or came back.
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
  -- Sessions with the same unit have its seat together; empty for one with seats of its own.
  unit text not null,
  overdraft boolean not null,
  borrowed boolean not null,
  -- Seats of the pool that were live right after the grant; 0 if unknown.
  live integer not null,
  granted_time timestamptz not null,
  ended_time timestamptz,
  end_reason text,
  primary key (license, lease),
  constraint usage_session_forward check (ended_time >= granted_time),
  constraint usage_session_end_told check ((ended_time is null) = (end_reason is null)),
  constraint usage_session_end_known
    check (end_reason in ('RELEASED', 'EXPIRED', 'REVOKED', 'CHECKED_IN', 'LOST'))
);

create index usage_session_page on usage_session (license, granted_time desc, lease desc);
create index usage_session_open on usage_session (license, epoch) where ended_time is null;
create index usage_session_ended on usage_session (ended_time);
create index usage_session_holder
  on usage_session (license, installation, user_name, host, granted_time);

-- One row a lease that was asked for in vain.
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
  first_time timestamptz not null,
  last_time timestamptz not null,
  outcome text not null default 'OPEN',
  granted_time timestamptz,
  primary key (license, lease),
  constraint usage_denial_forward check (last_time >= first_time),
  constraint usage_denial_cause_known check (
    cause in (
      'FULL', 'FEATURE_FULL', 'RESERVED', 'DRAINED', 'HOLDER_EXCLUDED', 'FEATURE_NOT_LICENSED'
    )
  ),
  constraint usage_denial_outcome_known check (outcome in ('OPEN', 'TRUE', 'SERVED', 'RETRY')),
  constraint usage_denial_served_told check ((outcome = 'SERVED') = (granted_time is not null))
);

create index usage_denial_page on usage_denial (license, first_time desc, lease desc);
create index usage_denial_holder
  on usage_denial (license, installation, user_name, host, first_time);
create index usage_denial_last on usage_denial (last_time);

-- One row for each quarter of an hour in which a pool ('') or a feature was used or asked for.
create table usage_rollup (
  license uuid not null,
  feature text not null,
  start_time timestamptz not null,
  peak integer not null,
  -- Milliseconds for which seats were held, of all seats together.
  seat_ms bigint not null,
  -- The seats of the license when it was rolled up first; 0 for a feature.
  seats integer not null,
  grants integer not null,
  denials integer not null,
  true_denials integer not null,
  primary key (license, feature, start_time)
);

create index usage_rollup_start on usage_rollup (start_time);
