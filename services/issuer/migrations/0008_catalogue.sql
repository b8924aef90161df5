-- Products that change, features of a kind, editions with their history, and which edition a license
-- was issued by. Times come from the service's clock, never from the database's.

-- What the vendor sells licenses of. `version_policy` is {"supported"?: {"oldest"?: text,
-- "newest"?: text}, "tolerance": text}; versions are `major[.minor[.patch]]`.
alter table product
  add column help_contact text not null default '' check (char_length(help_contact) <= 200),
  add column version_policy jsonb not null default '{"tolerance": "ANY"}' check (
    coalesce(version_policy ->> 'tolerance' in ('ANY', 'SAME_MAJOR', 'SAME_MINOR'), false)
  ),
  add column revision bigint not null default 1 check (revision >= 1),
  add column update_time timestamptz;
update product set update_time = create_time;
alter table product alter column update_time set not null;
create index product_listed on product (create_time, id);

create function check_product_change() returns trigger language plpgsql as $$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'a product changes by one revision at a time';
  end if;
  if (new.id, new.create_time) is distinct from (old.id, old.create_time) then
    raise exception 'a product keeps its id';
  end if;
  return new;
end $$;
create trigger product_change before update on product
  for each row execute function check_product_change();

-- A function of a product, or a thing it counts. Who names a feature points at its kind as well, so
-- that it can neither go nor become another kind. Features change places within one statement.
alter table product_feature
  add column kind text not null default 'UNSPECIFIED'
    check (kind in ('UNSPECIFIED', 'SWITCH', 'COUNTED')),
  add unique (product_id, code, kind),
  drop constraint product_feature_product_id_position_key,
  add unique (product_id, position) deferrable;

-- A switch has no limit, what is counted has one.
alter table license_feature
  add column kind text not null default 'UNSPECIFIED',
  add foreign key (product_id, code, kind) references product_feature (product_id, code, kind),
  add constraint license_feature_kind_check check (
    (kind <> 'SWITCH' or feature_limit is null) and (kind <> 'COUNTED' or feature_limit is not null)
  );
create index license_feature_named on license_feature (product_id, code);

-- A template of licenses. `terms` are the terms of a license without its times, as the service
-- encodes plain data.
create table edition (
  product_id text not null references product,
  id text not null check (id ~ '^[a-z][a-z0-9-]{0,63}$'),
  revision bigint not null check (revision >= 1),
  display_name text not null check (char_length(display_name) between 1 and 200),
  terms jsonb not null check (
    coalesce(jsonb_typeof(terms -> 'features') = 'array', false)
    and not terms ?| array['startTime', 'endTime', 'maintenanceEndTime']
  ),
  term_days integer not null check (term_days between 1 and 36500),
  -- 0: for the whole term.
  maintenance_days integer not null check (maintenance_days between 0 and 36500),
  retired boolean not null,
  create_time timestamptz not null,
  update_time timestamptz not null,
  primary key (product_id, id)
);
comment on table edition is 'A template of licenses.';
create index edition_listed on edition (product_id, create_time, id);

-- The history of every edition: who did what, when, why, and what the edition was then. Licenses
-- point at the revision that they were issued by.
create table edition_revision (
  product_id text not null,
  edition_id text not null,
  revision bigint not null,
  at timestamptz not null,
  subject text not null check (subject <> ''),
  action text not null check (action in ('CREATE', 'UPDATE')),
  why text not null check (char_length(why) <= 500),
  snapshot jsonb not null,
  primary key (product_id, edition_id, revision),
  foreign key (product_id, edition_id) references edition (product_id, id),
  check ((action = 'CREATE') = (revision = 1))
);
comment on table edition_revision is 'The history of every edition, append-only.';

-- No revision of an edition without its history row, whoever writes it.
alter table edition
  add constraint edition_has_history foreign key (product_id, id, revision)
  references edition_revision (product_id, edition_id, revision) deferrable initially deferred;

create trigger edition_revision_append_only before update or delete on edition_revision
  for each row execute function refuse_history_change();

create function check_edition_change() returns trigger language plpgsql as $$
begin
  if new.revision <> old.revision + 1 then
    raise exception 'an edition changes by one revision at a time';
  end if;
  if (new.product_id, new.id, new.create_time)
    is distinct from (old.product_id, old.id, old.create_time) then
    raise exception 'an edition keeps its product and its id';
  end if;
  return new;
end $$;
create trigger edition_change before update on edition
  for each row execute function check_edition_change();

-- The features that an edition's terms name, made from them by the database itself.
create table edition_feature (
  product_id text not null,
  edition_id text not null,
  code text not null,
  kind text not null,
  has_limit boolean not null,
  primary key (product_id, edition_id, code),
  foreign key (product_id, edition_id) references edition (product_id, id),
  foreign key (product_id, code, kind) references product_feature (product_id, code, kind),
  check ((kind <> 'SWITCH' or not has_limit) and (kind <> 'COUNTED' or has_limit))
);
comment on table edition_feature is 'The features that the terms of an edition name.';
create index edition_feature_named on edition_feature (product_id, code);

create function name_edition_features() returns trigger language plpgsql as $$
begin
  delete from edition_feature where product_id = new.product_id and edition_id = new.id;
  -- A feature that the product does not have has no kind, and is refused for it.
  insert into edition_feature (product_id, edition_id, code, kind, has_limit)
  select new.product_id, new.id, named ->> 'feature', p.kind, named ? 'limit'
  from jsonb_array_elements(new.terms -> 'features') named
  left join product_feature p on p.product_id = new.product_id and p.code = named ->> 'feature';
  return null;
end $$;
create trigger edition_names_features after insert or update of terms on edition
  for each row execute function name_edition_features();

-- The edition's revision that a license was issued by; both null if it was issued by none.
alter table license
  add column edition_id text,
  add column edition_revision bigint,
  add check ((edition_id is null) = (edition_revision is null)),
  add foreign key (product_id, edition_id, edition_revision)
    references edition_revision (product_id, edition_id, revision);

create function refuse_edition_of_license() returns trigger language plpgsql as $$
begin
  raise exception 'a license keeps the edition that it was issued by';
end $$;
create trigger license_keeps_edition before update on license
  for each row
  when ((new.edition_id, new.edition_revision) is distinct from (old.edition_id, old.edition_revision))
  execute function refuse_edition_of_license();

-- A product with its features, as every reader takes it.
create view product_with_features as
select
  p.id, p.display_name, p.sales_contact, p.help_contact, p.version_policy, p.revision,
  p.create_time, p.update_time,
  coalesce(
    (
      select jsonb_agg(
        jsonb_build_object('code', f.code, 'displayName', f.display_name, 'kind', f.kind)
        order by f.position
      )
      from product_feature f
      where f.product_id = p.id
    ),
    '[]'::jsonb
  ) as features
from product p;

-- A license with its features, as every reader takes it.
create or replace view license_with_features as
select
  l.id, l.customer_id, l.product_id, l.revision, l.state,
  l.licensee_name, l.licensee_organization,
  l.model, l.seats, l.start_time, l.end_time, l.validity_ms, l.grace_ms,
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
  l.seat_policy,
  l.edition_id,
  l.edition_revision
from license l;
