-- Product keys that are revoked, replaced by others and, where the deployment wants it, kept to be
-- told again; generations of product keys that were retired while the service ran.

alter table product_key
  -- One that is revoked does not unlock, and never will again.
  add column state text not null default 'ACTIVE'
    constraint product_key_state_check check (state in ('ACTIVE', 'REVOKED')),
  -- The key that was made in its place.
  add column replaced_by uuid
    constraint product_key_replaced_by_check check (replaced_by <> id),
  -- The key itself, sealed: nonce (12 bytes), ciphertext (29), tag (16). Null unless it is kept.
  add column sealed_key bytea
    constraint product_key_sealed_key_check check (octet_length(sealed_key) = 57),
  -- What product_key_replaced_by_fkey points at: a key is replaced by one of its own license.
  add constraint product_key_id_license_id_key unique (id, license_id),
  add constraint product_key_replaced_by_fkey foreign key (replaced_by, license_id)
    references product_key (id, license_id),
  add constraint product_key_replaced_check check (replaced_by is null or state = 'REVOKED'),
  add constraint product_key_kept_check check (sealed_key is null or state = 'ACTIVE');
comment on table product_key is
  'Product keys of licenses, as MACs: what is known of each but the key itself';

create unique index product_key_replaced_by on product_key (replaced_by)
  where replaced_by is not null;

-- The keys of a license in the order that lists have.
drop index product_key_license;
create index product_key_license on product_key (license_id, create_time, id);

-- A key stays what it is, never comes back from revocation, and is not kept later on. It goes along
-- with a license that becomes another one's, together with those that were made in its place.
create function check_product_key_change() returns trigger language plpgsql as $$
begin
  if old.state = 'REVOKED' and (new.state, new.replaced_by, new.pepper_version, new.mac)
    is distinct from (old.state, old.replaced_by, old.pepper_version, old.mac) then
    raise exception 'a revoked product key does not change';
  end if;
  if (new.id, new.hint, new.create_time) is distinct from (old.id, old.hint, old.create_time) then
    raise exception 'a product key stays what it is';
  end if;
  if new.sealed_key is not null and new.sealed_key is distinct from old.sealed_key then
    raise exception 'a product key is kept when it is made, or never';
  end if;
  return new;
end $$;
create trigger product_key_change before update on product_key
  for each row execute function check_product_key_change();

-- Generations of product keys that were retired while the service ran. The others, and the rest
-- of what is known of these, stand in the code.
create table key_generation_retirement (
  generation text primary key check (generation ~ '^[0-9A-Z]{1,16}$'),
  -- What whoever types such a key is told.
  advice text not null check (char_length(advice) between 1 and 500),
  retire_time timestamptz not null
);
comment on table key_generation_retirement is
  'Generations of product keys that were retired while the service ran, for good';

create function refuse_generation_change() returns trigger language plpgsql as $$
begin
  raise exception 'a generation of product keys stays retired';
end $$;
create trigger key_generation_retirement_stays before update or delete on key_generation_retirement
  for each row execute function refuse_generation_change();
