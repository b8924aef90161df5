-- Keeps the MACs of product keys of one license, made at one time; all of them or none.
-- $1 license, $2 pepper version, $3 create time, $4 ids, $5 MACs, $6 hints, $7 the keys sealed,
-- null for those that are not kept
insert into product_key (id, license_id, pepper_version, mac, hint, create_time, state, sealed_key)
select key.id, $1, $2, key.mac, key.hint, $3, 'ACTIVE', key.sealed_key
from unnest($4::uuid[], $5::bytea[], $6::text[], $7::bytea[]) as key (id, mac, hint, sealed_key)
