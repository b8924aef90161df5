-- Signing keys that follow one another. The keys of one purpose are counted: a key of a higher
-- generation signs in the place of those before. One that takes the place of a revoked key is of
-- that key's generation.

alter table signing_key
  drop constraint signing_key_purpose_key,
  alter column sealed_private_key drop not null,
  add column generation bigint not null default 1
    constraint signing_key_generation_check check (generation >= 1),
  add column state text not null default 'ACTIVE'
    constraint signing_key_state_check check (state in ('ACTIVE', 'RETIRED', 'REVOKED')),
  add column retire_time timestamptz,
  -- What is not signed with any more, nobody needs the private half of.
  add constraint signing_key_sealed_check
    check ((state = 'ACTIVE') = (sealed_private_key is not null)),
  add constraint signing_key_retired_check check ((state = 'ACTIVE') = (retire_time is null));
alter table signing_key alter column generation drop default, alter column state drop default;

create unique index signing_key_active on signing_key (purpose) where state = 'ACTIVE';
create unique index signing_key_generation on signing_key (purpose, generation)
  where state <> 'REVOKED';

-- A key stays what it is, does not sign again once it has stopped, and is never believed again.
create function check_signing_key_change() returns trigger language plpgsql as $$
begin
  if (new.kid, new.purpose, new.public_key, new.generation, new.create_time)
    is distinct from (old.kid, old.purpose, old.public_key, old.generation, old.create_time) then
    raise exception 'a signing key stays what it is';
  end if;
  if old.state = 'REVOKED' or (old.state = 'RETIRED' and new.state = 'ACTIVE') then
    raise exception 'a signing key does not come back';
  end if;
  return new;
end $$;
create trigger signing_key_change before update on signing_key
  for each row execute function check_signing_key_change();

-- The version of the trust bundle rises, one at a time, whoever writes it.
create function check_trust_bundle_version() returns trigger language plpgsql as $$
begin
  if new.version <> (select coalesce(max(version), 0) + 1 from trust_bundle) then
    raise exception 'the version of the trust bundle rises by one at a time';
  end if;
  return new;
end $$;
create trigger trust_bundle_version before insert on trust_bundle
  for each row execute function check_trust_bundle_version();

comment on table signing_key is
  'What is signed with, was, or must not be believed. Private keys are sealed under the key-encryption key, which is not in the database, and kept only while they sign.';

-- Installations whose certificates are not believed if they were issued until then.
create table revoked_installation (
  installation_id uuid primary key,
  revoke_time timestamptz not null,
  -- When the last of those certificates is over by itself.
  until_time timestamptz not null,
  constraint revoked_installation_bounded_check check (
    until_time > revoke_time and until_time <= revoke_time + interval '31 days'
  )
);
create index revoked_installation_until on revoked_installation (until_time);
create index license_revoked on license (update_time, id) where state = 'REVOKED';

-- How many revocations there were: one row.
create table revocation_head (
  only_row boolean primary key default true check (only_row),
  version bigint not null check (version >= 0)
);
insert into revocation_head (version) values (0);

-- No revocation without a new version of the list, whoever writes it.
create function count_revocation() returns trigger language plpgsql as $$
begin
  update revocation_head set version = version + 1;
  return null;
end $$;
create trigger revoked_installation_counted after insert or update on revoked_installation
  for each row execute function count_revocation();
create trigger license_revocation_counted after insert or update on license
  for each row when (new.state = 'REVOKED') execute function count_revocation();

create function check_revocation_head() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or new.version <> old.version + 1 then
    raise exception 'the version of the revocation list rises by one at a time';
  end if;
  return new;
end $$;
create trigger revocation_head_forward before update or delete on revocation_head
  for each row execute function check_revocation_head();

comment on table revoked_installation is
  'Installations whose certificates are not believed if they were issued until the revocation. A row leaves when the last of them is over.';
comment on table revocation_head is
  'The version of the revocation list: how many revocations there were. One row.';
