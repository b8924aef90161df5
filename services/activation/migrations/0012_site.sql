-- A license server at a customer's site: what it knows of its license, the seats of the vendor's that it
-- holds, and its own signing keys. Nothing of it is used by a vendor's activation.

create table site (
  only_row boolean primary key default true check (only_row),
  -- What the vendor told of the license; null until it was reached. See src/store/site-license-json.ts.
  license jsonb check (license is null or jsonb_typeof(license) = 'object'),
  -- The latest time that the site counted: a wall clock that is set back does not bring it back.
  seen_time timestamptz not null default '1970-01-01T00:00:00Z',
  vendor_contact_time timestamptz,
  -- Which process looks after the seats: the one that started last.
  process uuid
);
insert into site default values;
comment on table site is
  'A license server at a customer''s site: what the vendor told of its license, and how far its time got. One row.';

create table site_seat (
  -- The lease id at the vendor. It is here before the vendor is asked for the first time.
  lease bytea primary key check (length(lease) = 32),
  -- Codes of the features that it was asked for, those whose seats the license limits.
  features text[] not null,
  -- The vendor's file of the borrowed seat, and until when it counts by the site's time. Null until
  -- the vendor's answer was verified: until then it is asked for, and counts for nothing.
  borrow text,
  end_time timestamptz,
  extend_time timestamptz,
  create_time timestamptz not null,
  check ((borrow is null) = (end_time is null) and (borrow is null) = (extend_time is null))
);
comment on table site_seat is
  'The seats of the vendor''s that a site holds, or has asked for. A row is made before the vendor is asked, so that an answer that was lost is asked for again and never taken twice.';

create table site_key (
  purpose text primary key check (purpose in ('trust', 'license', 'install')),
  -- Thumbprint of the public key.
  kid text not null unique,
  public_key bytea not null check (length(public_key) = 32),
  -- AES-256-GCM under the key-encryption key: nonce, ciphertext, tag.
  sealed_private_key bytea not null check (length(sealed_private_key) = 60)
);
comment on table site_key is
  'The keys that a site signs with, made at its first start; their private halves are sealed.';
