-- The product keys of a license, as `listRows` takes them.
-- $1 license
select k.id, k.license_id, l.customer_id, k.hint, k.create_time, k.state, k.replaced_by
from product_key k
join license l on l.id = k.license_id
where k.license_id = $1
