-- A pepper version that product keys are stored under and that is not among those given; or no
-- row. Keys that are revoked need none: they are as good as unknown.
-- $1 pepper versions
select pepper_version
from product_key
where state = 'ACTIVE' and pepper_version <> all ($1::text[])
limit 1
