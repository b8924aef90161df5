-- Gives a license its features, in the order given.
-- $1 license, $2 product, $3 feature codes, $4 their limits, null for a switch
insert into license_feature (license_id, product_id, code, feature_limit, position)
select $1, $2, feature.code, feature.feature_limit, feature.place - 1
from unnest($3::text[], $4::bigint[]) with ordinality as feature (code, feature_limit, place)
