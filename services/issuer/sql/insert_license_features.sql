-- Gives a license its features, in the order given.
-- $1 license, $2 product, $3 feature codes, $4 their limits, null for a switch, $5 how many
-- seats may use each, null if every seat may
insert into license_feature (license_id, product_id, code, feature_limit, seats, position)
select $1, $2, feature.code, feature.feature_limit, feature.seats, feature.place - 1
from unnest($3::text[], $4::bigint[], $5::integer[])
  with ordinality as feature (code, feature_limit, seats, place)
