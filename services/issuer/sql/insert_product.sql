-- Creates a product with its features, in the order given. No row comes back if its id is taken.
-- $1 id, $2 display name, $3 sales contact, $4 create time, $5 feature codes, $6 their display names
with created as (
  insert into product (id, display_name, sales_contact, create_time)
  values ($1, $2, $3, $4)
  on conflict (id) do nothing
  returning id
),
features as (
  insert into product_feature (product_id, code, display_name, position)
  select created.id, feature.code, feature.display_name, feature.place - 1
  from created, unnest($5::text[], $6::text[]) with ordinality as feature (code, display_name, place)
)
select id from created
