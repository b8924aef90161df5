-- What was done, by whom: every act that changed something, in a chain of hashes that
-- docs/audit.md describes. Whoever writes to this table can only append to it; whoever switches
-- its triggers off cannot change it unseen.
create table audit_entry (
  -- 1, 2, 3 and so on, without gaps.
  sequence bigint primary key check (sequence >= 1),
  at timestamptz not null check (isfinite(at) and at = date_trunc('milliseconds', at)),
  subject text not null check (char_length(subject) between 1 and 1000),
  method text not null check (method ~ '^[A-Z][A-Za-z]{0,99}$'),
  resource text not null check (char_length(resource) between 1 and 1000),
  why text not null check (char_length(why) <= 500),
  request_id uuid not null,
  request_sha256 bytea not null check (octet_length(request_sha256) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  -- What the head points at.
  unique (sequence, hash)
);
create index audit_entry_subject on audit_entry (subject, sequence);
create index audit_entry_resource on audit_entry (resource, sequence);
create index audit_entry_request on audit_entry (request_id, sequence);

-- What the chain has come to: one row. Who appends an entry holds its lock until the commit,
-- as its last one, so that the order of entries is the order of commits.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null check (sequence >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  -- The last entry; null before the first.
  entry bigint generated always as (nullif(sequence, 0)) stored,
  constraint audit_head_begins_with_zeros
    check (sequence > 0 or hash = decode(repeat('00', 32), 'hex')),
  constraint audit_head_is_an_entry foreign key (entry, hash)
    references audit_entry (sequence, hash) deferrable initially deferred
);
insert into audit_head (sequence, hash) values (0, decode(repeat('00', 32), 'hex'));

-- A text as the hash takes it: how many bytes it has in UTF-8, in four bytes, and those.
create function audit_text(value text) returns bytea language sql as $$
  select int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8')
$$;

-- The hash of an entry. Whoever verifies has an implementation of its own.
create function audit_hash(previous bytea, entry audit_entry) returns bytea language sql as $$
  select sha256(
    '\x00'::bytea || previous
    || int8send(entry.sequence) || int8send((extract(epoch from entry.at) * 1000000)::bigint)
    || audit_text(entry.subject) || audit_text(entry.method) || audit_text(entry.resource)
    || audit_text(entry.why) || audit_text(entry.request_id::text) || entry.request_sha256
  )
$$;

-- Number and hash of an entry are nobody's to choose.
create function chain_audit_entry() returns trigger language plpgsql as $$
declare
  head audit_head;
begin
  select * into strict head from audit_head for update;
  new.sequence := head.sequence + 1;
  new.hash := audit_hash(head.hash, new);
  update audit_head set sequence = new.sequence, hash = new.hash;
  return new;
end $$;
create trigger audit_entry_chain before insert on audit_entry
  for each row execute function chain_audit_entry();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function refuse_audit_change();
create trigger audit_head_kept before delete or truncate on audit_head
  for each statement execute function refuse_audit_change();

create function check_audit_head() returns trigger language plpgsql as $$
begin
  if new.sequence <> old.sequence + 1 then
    raise exception 'the head of the audit log goes on by one entry at a time';
  end if;
  return new;
end $$;
create trigger audit_head_forward before update on audit_head
  for each row execute function check_audit_head();

-- What checkpoints of the audit log are signed with.
alter table signing_key drop constraint if exists signing_key_purpose_check;
alter table signing_key add constraint signing_key_purpose_check
  check (purpose in ('license', 'install', 'audit'));

comment on table audit_entry is
  'What was done, by whom, when and why: one row for each act that changed something, chained by hashes. Append-only. docs/audit.md tells how it is verified.';
comment on table audit_head is
  'What the chain of audit entries has come to. One row, locked as the last one by whoever appends, until the commit.';

-- What the tables of before are.
comment on table customer is
  'Whom licenses are sold to.';
comment on table product is
  'What licenses are for.';
comment on table product_feature is
  'The features of each product, in the order in which they are shown.';
comment on table license is
  'What was sold: the terms as they are. Every revision of them is in license_revision.';
comment on table license_feature is
  'The features that a license unlocks, only ones of its own product.';
comment on table license_revision is
  'The history of every license: who did what, when and why, and what the license was then. Append-only.';
comment on table license_feed is
  'The feed of changes that activation follows, compacted: each license once, at its last change.';
comment on table feed_head is
  'How far the feed of changes goes. One row, locked until the commit by whoever advances it, so that the order of the feed is the order of commits.';
comment on table product_key is
  'The product keys of each license, as their MAC only: nobody can tell a key from it.';
comment on table signing_key is
  'What certificates and checkpoints are signed with. Private keys are sealed under the key-encryption key, which is not in the database.';
comment on table trust_bundle is
  'Every trust bundle that was signed: which keys are to be believed, under the deployment''s root key.';
comment on table request_reply is
  'The replies of mutations, kept for 72 hours: a call repeated with its request id has no further effect and gets the first answer.';
comment on table schema_migration is
  'The migrations that were applied, each with the digest of its file.';
