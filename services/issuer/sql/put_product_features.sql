-- Gives a product features, in the order given, or changes those that it has.
-- $1 product, $2 codes, $3 their display names, $4 their kinds
insert into product_feature (product_id, code, display_name, kind, position)
select $1, feature.code, feature.display_name, feature.kind, feature.place - 1
from unnest($2::text[], $3::text[], $4::text[])
  with ordinality as feature (code, display_name, kind, place)
on conflict (product_id, code) do update
set display_name = excluded.display_name, kind = excluded.kind, position = excluded.position
