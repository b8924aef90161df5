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
