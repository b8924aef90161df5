-- Keeps a product key's MAC.
-- $1 id, $2 license, $3 pepper version, $4 MAC, $5 hint, $6 create time
insert into product_key (id, license_id, pepper_version, mac, hint, create_time)
values ($1, $2, $3, $4, $5, $6)
