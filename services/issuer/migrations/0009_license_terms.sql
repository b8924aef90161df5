-- What a license grants beyond its seats: how they are counted, for what versions, and where it may
-- be unlocked. Licenses of before are floating ones that may be unlocked anywhere.
alter table license drop constraint license_model_check;
alter table license
  add constraint license_model_check
    check (model in ('FLOATING', 'NAMED_MACHINE', 'NAMED_USER', 'RESOURCE')),
  add column trial boolean not null default false,
  add column maintenance_end_time timestamptz,
  add constraint license_maintenance_check
    check (maintenance_end_time >= start_time and maintenance_end_time < '10000-01-01Z'),
  -- The ends of a range of versions; null where it is open.
  add column oldest_version text
    check (oldest_version ~ '^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){0,2}$'),
  add column newest_version text
    check (newest_version ~ '^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){0,2}$'),
  add column change_policy text not null default 'LIVE'
    check (change_policy in ('LIVE', 'RESTART_REQUIRED')),
  -- {"installations": n, "transfers": n, "virtualMachinesPolicy": text, "virtualMachines": n,
  -- "domains": [text], "networks": [text]}
  add column installation_policy jsonb not null default '{
    "installations": 0, "transfers": 0, "virtualMachinesPolicy": "ALLOW", "virtualMachines": 0,
    "domains": [], "networks": []
  }'
    -- A member that is missing makes null, which a check would let pass.
    constraint license_installation_policy_check check (coalesce(
      (installation_policy ->> 'installations')::integer between 0 and 1000000
      and (installation_policy ->> 'transfers')::integer between 0 and 1000000
      and installation_policy ->> 'virtualMachinesPolicy' in ('ALLOW', 'DENY', 'ALLOW_WITH_CAP')
      and (installation_policy ->> 'virtualMachines')::integer between 0 and 1000000
      and ((installation_policy ->> 'virtualMachinesPolicy' = 'ALLOW_WITH_CAP')
        = ((installation_policy ->> 'virtualMachines')::integer > 0))
      and jsonb_array_length(installation_policy -> 'domains') <= 50
      and jsonb_array_length(installation_policy -> 'networks') <= 50,
      false
    )),
  -- What it became, and what it was: licenses of other customers.
  add column transferred_to uuid references license deferrable initially deferred,
  add column transferred_from uuid unique references license,
  add constraint license_transferred_is_over check (transferred_to is null or state = 'REVOKED'),
  add constraint license_transferred_elsewhere check (id not in (transferred_to, transferred_from));
alter table license
  alter column trial drop default,
  alter column change_policy drop default,
  alter column installation_policy drop default;

-- A transfer has two sides that name each other, of two customers.
create function check_license_transfer() returns trigger language plpgsql as $$
begin
  if not exists (
    select from license former
    join license latter on latter.id = former.transferred_to
    where latter.transferred_from = former.id
      and former.customer_id <> latter.customer_id
      and (former.id = new.id and latter.id = new.transferred_to
        or latter.id = new.id and former.id = new.transferred_from)
  ) then
    raise exception 'a transfer has two sides that name each other, of two customers';
  end if;
  return null;
end $$;
create constraint trigger license_transfer after insert or update on license
  deferrable initially deferred
  for each row when (new.transferred_to is not null or new.transferred_from is not null)
  execute function check_license_transfer();

alter table license_revision drop constraint license_revision_action_check;
alter table license_revision drop constraint license_revision_check1;
alter table license_revision
  add constraint license_revision_action_check
    check (action in ('ISSUE', 'AMEND', 'RENEW', 'SUSPEND', 'RESUME', 'REVOKE', 'TRANSFER')),
  -- The first revision issues a license, or takes it over from another customer.
  add constraint license_revision_first_check check (
    case when revision = 1 then action in ('ISSUE', 'TRANSFER') else action <> 'ISSUE' end
  );

-- A license changes by exactly one revision at a time, keeps its owner, its product, its model and
-- where it came from, and never comes back from revocation.
create or replace function check_license_change() returns trigger language plpgsql as $$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'a license changes by one revision at a time';
  end if;
  if old.state = 'REVOKED' then
    raise exception 'a revoked license does not change';
  end if;
  if (new.id, new.customer_id, new.product_id, new.create_time, new.model, new.trial,
      new.transferred_from)
    is distinct from (old.id, old.customer_id, old.product_id, old.create_time, old.model, old.trial,
      old.transferred_from) then
    raise exception 'a license keeps its owner, its product and its model';
  end if;
  return new;
end $$;

create index license_listed on license (customer_id, create_time, id);
create index license_listed_of_all on license (create_time, id);

-- A license with its features, and with whose it was and became, as every reader takes it.
drop view license_with_features;
create view license_with_features as
select
  l.id, l.customer_id, l.product_id, l.revision, l.state,
  l.licensee_name, l.licensee_organization,
  l.model, l.trial, l.seats, l.start_time, l.end_time, l.maintenance_end_time,
  l.oldest_version, l.newest_version, l.validity_ms, l.grace_ms,
  l.change_policy, l.seat_policy, l.installation_policy, l.edition_id, l.edition_revision,
  l.create_time, l.update_time,
  coalesce(
    (
      select jsonb_agg(
        jsonb_build_object('feature', f.code, 'limit', f.feature_limit::text, 'seats', f.seats)
        order by f.position
      )
      from license_feature f
      where f.license_id = l.id
    ),
    '[]'::jsonb
  ) as features,
  l.transferred_from, former.customer_id as transferred_from_customer,
  l.transferred_to, latter.customer_id as transferred_to_customer
from license l
left join license former on former.id = l.transferred_from
left join license latter on latter.id = l.transferred_to;
