-- One product with its features in their order, or no row.
-- $1 id
select
  p.id, p.display_name, p.sales_contact, p.create_time,
  coalesce(
    (
      select jsonb_agg(jsonb_build_object('code', f.code, 'displayName', f.display_name) order by f.position)
      from product_feature f
      where f.product_id = p.id
    ),
    '[]'::jsonb
  ) as features
from product p
where p.id = $1
