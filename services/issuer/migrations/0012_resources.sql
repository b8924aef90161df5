-- How many resources may be bound to a license of the model RESOURCE at a time; null: any number.
alter table license
  add column resource_limit integer check (resource_limit between 1 and 1000000),
  add constraint license_resources_of_model check (resource_limit is null or model = 'RESOURCE');

create or replace view license_with_features as
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
  l.transferred_to, latter.customer_id as transferred_to_customer,
  l.resource_limit
from license l
left join license former on former.id = l.transferred_from
left join license latter on latter.id = l.transferred_to;
