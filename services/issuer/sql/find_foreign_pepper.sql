-- A pepper version that product keys were stored under and that is not among those given; or no row.
-- $1 pepper versions
select pepper_version
from product_key
where pepper_version <> all ($1::text[])
limit 1
