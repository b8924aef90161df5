-- People of the vendor's: accounts with roles in the deployment, and the token that makes the first
-- owner. Times come from the service's clock, never from the database's.

-- That an account may do something for the vendor. Who granted what, and who took it away, is in the
-- audit log.
create table administrator_role (
  account_id uuid not null references account,
  role text not null check (
    role in ('OWNER', 'LICENSING_ADMIN', 'SUPPORT', 'AUDITOR', 'KEY_CUSTODIAN')
  ),
  granted_by text not null check (char_length(granted_by) between 1 and 1000),
  grant_time timestamptz not null check (
    isfinite(grant_time) and grant_time = date_trunc('milliseconds', grant_time)
  ),
  primary key (account_id, role)
);
comment on table administrator_role is
  'What accounts may do for the vendor: one row for each role that one has. Once there is an owner, there always is one.';
create index administrator_role_owner on administrator_role (account_id) where role = 'OWNER';

-- The last owner stays. Whoever takes the role from somebody holds a lock until the commit, so that
-- two owners cannot take it from each other.
create function keep_an_owner() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('leasehold.issuer.administrators', 0));
  if not exists (select from administrator_role where role = 'OWNER') then
    raise exception 'a deployment keeps an owner';
  end if;
  return null;
end $$;
create trigger administrator_role_owner_kept after delete or update on administrator_role
  for each row when (old.role = 'OWNER') execute function keep_an_owner();

create function refuse_truncation() returns trigger language plpgsql as $$
begin
  raise exception 'the table is not emptied';
end $$;
create trigger administrator_role_kept before truncate on administrator_role
  for each statement execute function refuse_truncation();

-- The bootstrap tokens that issuers were started with, as digests. When an issuer first saw one
-- never changes, and how far time has come by it never goes back, whatever happens to clocks.
create table bootstrap_token (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  first_seen_time timestamptz not null check (isfinite(first_seen_time)),
  latest_time timestamptz not null check (isfinite(latest_time) and latest_time >= first_seen_time)
);
comment on table bootstrap_token is
  'The bootstrap tokens that issuers were started with, as digests, and since when: each makes the first owner for 24 hours at most.';

create function check_bootstrap_token() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'a bootstrap token is not forgotten';
  end if;
  if (new.sha256, new.first_seen_time) is distinct from (old.sha256, old.first_seen_time)
    or new.latest_time < old.latest_time then
    raise exception 'a bootstrap token lives no longer';
  end if;
  return new;
end $$;
create trigger bootstrap_token_kept before update or delete on bootstrap_token
  for each row execute function check_bootstrap_token();
create trigger bootstrap_token_not_emptied before truncate on bootstrap_token
  for each statement execute function refuse_truncation();

-- An account with what it may do for the vendor, in the order in which it was granted. Times inside
-- are milliseconds since 1970.
create view administrator as
select
  a.id, a.display_name, a.email,
  coalesce(
    (
      select jsonb_agg(
        jsonb_build_object(
          'role', r.role, 'grantedBy', r.granted_by,
          'grantTime', (extract(epoch from r.grant_time) * 1000)::bigint
        )
        order by r.grant_time, r.role
      )
      from administrator_role r
      where r.account_id = a.id
    ),
    '[]'::jsonb
  ) as grants
from account a;

-- An account with its identities, memberships and roles, in the order in which they were given. Times
-- inside are milliseconds since 1970.
create or replace view account_with_roles as
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
  ) as memberships,
  coalesce(
    (
      select jsonb_agg(r.role order by r.grant_time, r.role)
      from administrator_role r
      where r.account_id = a.id
    ),
    '[]'::jsonb
  ) as deployment_roles
from account a;
