-- The license that a product key unlocks, or no row. A key has one MAC for each pepper in use.
-- $1 pepper versions, $2 the key's MAC under each
select l.*
from unnest($1::text[], $2::bytea[]) as candidate (pepper_version, mac)
join product_key k on k.pepper_version = candidate.pepper_version and k.mac = candidate.mac
join license_with_features l on l.id = k.license_id
limit 1
