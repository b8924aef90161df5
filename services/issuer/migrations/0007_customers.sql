-- Customers that change and close, with their history; accounts of people, for whom they act, and the
-- two ways to join a customer. Times come from the service's clock, never from the database's.

-- An organization that buys licenses. Never erased. `contacts` is [{"displayName": text,
-- "email": text, "phone": text, "role": text}]; `resource_limit` is how many resources it may bind,
-- null for any number.
alter table customer
  add column state text not null default 'ACTIVE' check (state in ('ACTIVE', 'CLOSED')),
  add column contacts jsonb not null default '[]' check (
    coalesce(jsonb_typeof(contacts) = 'array' and jsonb_array_length(contacts) <= 20, false)
  ),
  add column resource_limit integer check (resource_limit between 0 and 1000000),
  add column revision bigint not null default 1 check (revision >= 1),
  add column update_time timestamptz;
update customer set update_time = create_time;
alter table customer alter column update_time set not null;
comment on table customer is 'An organization that buys licenses; never erased.';
create index customer_listed on customer (create_time, id);

-- The history of every customer: who did what, when, why, and what the customer was then.
create table customer_revision (
  customer_id uuid not null references customer,
  revision bigint not null,
  at timestamptz not null,
  subject text not null check (subject <> ''),
  action text not null check (action in ('CREATE', 'UPDATE', 'CLOSE')),
  why text not null check (char_length(why) <= 500),
  snapshot jsonb not null,
  primary key (customer_id, revision),
  check ((action = 'CREATE') = (revision = 1))
);
comment on table customer_revision is 'The history of every customer, append-only.';

-- Who created the customers of before was not kept.
insert into customer_revision (customer_id, revision, at, subject, action, why, snapshot)
select
  id, 1, create_time, 'unknown', 'CREATE', '',
  jsonb_build_object(
    'id', id, 'displayName', display_name, 'referenceId', reference_id,
    'contacts', contacts, 'limits', jsonb_build_object(), 'state', state,
    'revision', jsonb_build_object('bigint', '1'),
    'createTime', (extract(epoch from create_time) * 1000)::bigint,
    'updateTime', (extract(epoch from create_time) * 1000)::bigint
  )
from customer;

-- No revision of a customer without its history row, whoever writes it; and with it no way to erase one.
alter table customer
  add constraint customer_has_history foreign key (id, revision)
  references customer_revision (customer_id, revision) deferrable initially deferred;

create or replace function refuse_history_change() returns trigger language plpgsql as $$
begin
  raise exception 'history is append-only';
end $$;
create trigger customer_revision_append_only before update or delete on customer_revision
  for each row execute function refuse_history_change();

-- A customer changes by exactly one revision at a time and never comes back from being closed. It
-- closes only if each of its licenses is revoked, or over when it closes. The row is locked before
-- this runs, and whoever gives the customer a license holds it (require_open_customer): what is
-- read here is what there is.
create function check_customer_change() returns trigger language plpgsql as $$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'a customer changes by one revision at a time';
  end if;
  if old.state = 'CLOSED' then
    raise exception 'a closed customer does not change';
  end if;
  if (new.id, new.create_time) is distinct from (old.id, old.create_time) then
    raise exception 'a customer keeps its id';
  end if;
  if new.state = 'CLOSED' and exists (
    select from license
    where customer_id = new.id and state <> 'REVOKED' and end_time > new.update_time
  ) then
    raise exception 'a customer with a license does not close';
  end if;
  return new;
end $$;
create trigger customer_change before update on customer
  for each row execute function check_customer_change();

-- What a closed customer takes no more. Holds the customer until the transaction ends, so that it
-- cannot close meanwhile; one that is closing is waited for.
create function require_open_customer() returns trigger language plpgsql as $$
declare
  customer_state text;
begin
  select state into customer_state from customer where id = new.customer_id for share;
  if customer_state = 'CLOSED' then
    raise exception 'the customer is closed';
  end if;
  return new;
end $$;
create trigger license_customer_open before insert on license
  for each row execute function require_open_customer();
-- A license that is over would otherwise come back with a later end.
create trigger license_customer_open_still before update on license
  for each row when (new.end_time > old.end_time) execute function require_open_customer();

-- A person who acts for customers.
create table account (
  id uuid primary key,
  display_name text not null check (char_length(display_name) between 1 and 200),
  email text not null check (char_length(email) <= 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  create_time timestamptz not null
);
comment on table account is 'A person who acts for customers.';
create index account_listed on account (create_time, id);

-- How a person signs in: who they are to one provider of OpenID Connect. Each belongs to one account;
-- the slots are why an account has at most 10.
create table account_identity (
  issuer text not null check (issuer ~ '^https://[!-~]{1,192}$'),
  subject text not null check (subject ~ '^[ -~]{1,255}$'),
  account_id uuid not null references account,
  slot smallint not null check (slot between 0 and 9),
  link_time timestamptz not null,
  primary key (issuer, subject),
  unique (account_id, slot)
);
comment on table account_identity is 'How a person signs in; at most 10 an account.';

-- An account without a way to sign in is nobody's. The account is locked, so that two identities
-- cannot be each other's last.
create function require_identity() returns trigger language plpgsql as $$
declare
  account_left uuid;
begin
  if tg_table_name = 'account' then
    account_left := new.id;
  else
    account_left := old.account_id;
  end if;
  perform from account where id = account_left for no key update;
  if found and not exists (select from account_identity where account_id = account_left) then
    raise exception 'an account needs an identity';
  end if;
  return null;
end $$;
create constraint trigger account_has_identity after insert on account
  deferrable initially deferred for each row execute function require_identity();
create constraint trigger account_keeps_identity after update or delete on account_identity
  deferrable initially deferred for each row execute function require_identity();

-- That a person acts for a customer.
create table membership (
  account_id uuid not null references account,
  customer_id uuid not null references customer,
  role text not null check (role in ('ADMINISTRATOR', 'USER')),
  create_time timestamptz not null,
  primary key (account_id, customer_id)
);
comment on table membership is 'That a person acts for a customer.';
create index membership_customer on membership (customer_id);
create trigger membership_customer_open before insert or update on membership
  for each row execute function require_open_customer();

-- A place at a customer's that waits for whoever has its secret; the secret itself is not kept.
create table invitation (
  id uuid primary key,
  customer_id uuid not null references customer,
  email text not null check (char_length(email) <= 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  role text not null check (role in ('ADMINISTRATOR', 'USER')),
  secret_sha256 bytea not null unique check (octet_length(secret_sha256) = 32),
  state text not null check (state in ('OPEN', 'ACCEPTED', 'WITHDRAWN')),
  accepted_by uuid references account,
  create_time timestamptz not null,
  expire_time timestamptz not null check (expire_time = create_time + interval '336 hours'),
  check ((state = 'ACCEPTED') = (accepted_by is not null))
);
comment on table invitation is 'A place at a customer''s that waits for one person.';
create index invitation_listed on invitation (customer_id, create_time, id);
create trigger invitation_customer_open before insert on invitation
  for each row execute function require_open_customer();

-- That a person would like to join a customer; one of an account waits at a customer at a time.
create table join_request (
  id uuid primary key,
  customer_id uuid not null references customer,
  account_id uuid not null references account,
  state text not null check (state in ('OPEN', 'APPROVED', 'DECLINED')),
  create_time timestamptz not null
);
comment on table join_request is 'That a person would like to join a customer.';
create unique index join_request_open on join_request (account_id, customer_id) where state = 'OPEN';
create index join_request_listed on join_request (customer_id, create_time, id);
create trigger join_request_customer_open before insert on join_request
  for each row execute function require_open_customer();

-- What was decided stays so: an invitation or a request to join changes once, and only by that.
create function check_settled_once() returns trigger language plpgsql as $$
begin
  if old.state <> 'OPEN' then
    raise exception 'what was decided stays so';
  end if;
  if (to_jsonb(new) - 'state' - 'accepted_by') <> (to_jsonb(old) - 'state' - 'accepted_by') then
    raise exception 'only what became of it changes';
  end if;
  return new;
end $$;
create trigger invitation_settled before update on invitation
  for each row execute function check_settled_once();
create trigger join_request_settled before update on join_request
  for each row execute function check_settled_once();

-- An account with its identities and memberships, in the order in which they were given. Times
-- inside are milliseconds since 1970.
create view account_with_roles as
select
  a.id, a.display_name, a.email, a.create_time,
  coalesce(
    (
      select jsonb_agg(
        jsonb_build_object('issuer', i.issuer, 'subject', i.subject) order by i.link_time, i.slot
      )
      from account_identity i
      where i.account_id = a.id
    ),
    '[]'::jsonb
  ) as identities,
  coalesce(
    (
      select jsonb_agg(
        jsonb_build_object(
          'customerId', m.customer_id, 'role', m.role,
          'createTime', (extract(epoch from m.create_time) * 1000)::bigint
        )
        order by m.create_time, m.customer_id
      )
      from membership m
      where m.account_id = a.id
    ),
    '[]'::jsonb
  ) as memberships
from account a;
