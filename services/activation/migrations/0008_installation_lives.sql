-- What becomes of installations after they were unlocked: names, states, refreshes, and what machines they
-- are on. Times come from the service's clock.

alter table installation
  add column display_name text not null default '' check (char_length(display_name) <= 200),
  add column state text not null default 'ACTIVE' check (state in ('ACTIVE', 'DISABLED', 'ENDED')),
  -- How it came into its state; null where it was unlocked into it.
  add column state_time timestamptz,
  add column state_party text check (state_party in ('VENDOR', 'CUSTOMER', 'INSTALLATION')),
  add column state_why text not null default '' check (char_length(state_why) <= 500),
  -- Until when seat-brokers must know that it gets no seat; null: it may have seats.
  add column barred_until timestamptz,
  add column last_seen_time timestamptz,
  add column application_version text not null default '' check (char_length(application_version) <= 200),
  -- The contract's MachineEvidence in bytes, as the machine told it last; passed on and not read here.
  add column evidence bytea,
  -- How often it was refreshed, and the request that did so last.
  add column refresh_counter bigint not null default 0 check (refresh_counter >= 0),
  add column refresh_request uuid,
  -- Whether the next refresh counts, whatever its counter and its machine.
  add column forgiven boolean not null default false,
  -- The last refresh that was refused and not decided upon; null: none.
  add column conflict_kind text check (conflict_kind in ('COUNTER', 'FINGERPRINT')),
  add column conflict_time timestamptz,
  add column conflict_host text not null default '' check (char_length(conflict_host) <= 200),
  -- The machine: {component: digest in hex}, and the salt of the digests; null if it did not tell.
  add column fingerprint_salt bytea check (length(fingerprint_salt) between 16 and 64),
  add column fingerprint jsonb check (jsonb_typeof(fingerprint) = 'object'),
  -- Where it was moved to.
  add column successor uuid references installation,
  -- Whether the issuer was told that the certificates of one that is over are not to be believed.
  add column revocation_told boolean not null default false,
  add constraint installation_state_told check ((state_time is null) = (state_party is null)),
  add constraint installation_barred check ((state = 'ACTIVE') = (barred_until is null)),
  add constraint installation_moved_is_over check (successor is null or state = 'ENDED'),
  add constraint installation_conflict_told check ((conflict_kind is null) = (conflict_time is null)),
  add constraint installation_fingerprint_salted check ((fingerprint is null) = (fingerprint_salt is null));

update installation set last_seen_time = create_time;
alter table installation alter column last_seen_time set not null;

-- Pages in the order that lists have unless told, of a license and of a customer.
create index installation_of_license on installation (license, create_time, id);
create index installation_of_customer on installation (split_part(license, '/', 2), create_time, id);
create index installation_barred on installation (license) where barred_until is not null;
create index installation_moved on installation (license) where successor is not null;
create index installation_revocation_untold on installation (state_time)
  where state = 'ENDED' and not revocation_told;

-- Who did what to an installation, when and why. Append-only.
create table installation_change (
  number bigint generated always as identity primary key,
  installation uuid not null references installation,
  kind text not null
    check (kind in ('RENAMED', 'DISABLED', 'ENABLED', 'DEACTIVATED', 'TRANSFERRED', 'CONFLICT', 'MISMATCH')),
  party text not null check (party in ('VENDOR', 'CUSTOMER', 'INSTALLATION')),
  -- Who it was, as the log names callers.
  subject text not null check (subject <> ''),
  why text not null check (char_length(why) <= 500),
  change_time timestamptz not null
);
create index installation_change_of on installation_change (installation, number);
comment on table installation_change is
  'Who did what to an installation, when and why: one row for each change of its name or state, and for each first refresh that was refused. Append-only.';

create function refuse_installation_change_change() returns trigger language plpgsql as $$
begin
  raise exception 'the history of installations is append-only';
end $$;
create trigger installation_change_append_only before update or delete on installation_change
  for each row execute function refuse_installation_change_change();

-- Grows when an installation of the license is barred, or is not any more: by the time in ms since 1970, or by
-- one where that is more, so that it grows over the loss of the latest changes too. 0: never yet.
alter table entitlement add column barred_revision bigint not null default 0;
