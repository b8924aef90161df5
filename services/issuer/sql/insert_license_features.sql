-- Gives a license its features, in the order given, each of the kind that the product says.
-- $1 license, $2 product, $3 feature codes, $4 their limits, null for a switch, $5 how many
-- seats may use each, null if every seat may
insert into license_feature (license_id, product_id, code, feature_limit, seats, position, kind)
select $1, $2, feature.code, feature.feature_limit, feature.seats, feature.place - 1, p.kind
from unnest($3::text[], $4::bigint[], $5::integer[])
  with ordinality as feature (code, feature_limit, seats, place)
-- A feature that the product does not have has no kind, and is refused for it.
left join product_feature p on p.product_id = $2 and p.code = feature.code
