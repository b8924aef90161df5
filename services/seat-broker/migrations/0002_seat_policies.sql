-- Who may have the seats of a license, and what administrators did to its pool.

alter table pool
  -- {} for a license from before there were policies: anyone, each process a seat of its own.
  add column seat_policy jsonb not null default '{}',
  add column drained boolean not null default false,
  -- For how many seats there may be leases: those of the terms, or of earlier ones while more are live.
  add column room integer not null default 0,
  -- How often it was drained or resumed: which of two such acts is the newer one.
  add column drain_revision bigint not null default 0,
  add constraint pool_seat_policy_object check (jsonb_typeof(seat_policy) = 'object');

update pool set room = seats;
alter table pool add constraint pool_room_for_seats check (room >= seats);
create index pool_crowded on pool (license) where room > seats;

-- Leases that were taken back, until nobody can hold them any more: a pool that lost its data
-- must not take them in again.
create table revocation (
  license uuid not null references pool,
  -- As Redis knows the lease.
  lease text not null,
  immediate boolean not null,
  forget_time timestamptz not null,
  primary key (license, lease)
);
create index revocation_forget_time on revocation (forget_time);

-- One row: how many acts there are. Who adds one holds its lock until the commit, so that a reader
-- who sees one sees every smaller one.
create table administration_head (
  one boolean primary key default true,
  number bigint not null,
  constraint administration_head_single check (one)
);

insert into administration_head (number) values (0);

-- Who did what to a pool, when and why.
create table administration_act (
  number bigint primary key,
  license uuid not null references pool,
  kind text not null,
  -- Of a seat: its lease as Redis knows it, whose it was if that was known, and whether it was
  -- freed before its holder had stopped.
  lease text,
  installation uuid,
  immediate boolean,
  reason text not null,
  subject text not null,
  act_time timestamptz not null,
  constraint administration_act_kind_known check (kind in ('REVOKE_SEAT', 'DRAIN_POOL', 'RESUME_POOL')),
  constraint administration_act_of_seat
    check ((kind = 'REVOKE_SEAT') = (lease is not null) and (lease is null) = (immediate is null)),
  constraint administration_act_reason_short check (char_length(reason) <= 500),
  constraint administration_act_subject_known check (subject <> '')
);

create function refuse_act_change() returns trigger language plpgsql as $$
begin
  raise exception 'the acts of administrators are append-only';
end $$;
create trigger administration_act_append_only before update or delete on administration_act
  for each row execute function refuse_act_change();
