-- The license that a product key unlocks, or did before the key was revoked, with the key's id, its
-- state and the pepper it is stored under; or no row. A key has one MAC for each pepper in use. Its generation is compared because the MAC is
-- of the data alone: the same data under another first symbol are another key.
-- $1 pepper versions, $2 the key's MAC under each, $3 the key's first symbol
select k.id as key_id, k.state as key_state, k.pepper_version, l.*
from unnest($1::text[], $2::bytea[]) as candidate (pepper_version, mac)
join product_key k on k.pepper_version = candidate.pepper_version and k.mac = candidate.mac
join license_with_features l on l.id = k.license_id
where left(k.hint, 1) = $3
limit 1
