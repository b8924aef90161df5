-- Locks a product key of a customer's license until the transaction ends, or no row.
-- $1 id, $2 license, $3 customer
select k.id, k.license_id, l.customer_id, k.hint, k.create_time, k.state, k.replaced_by
from product_key k
join license l on l.id = k.license_id
where k.id = $1 and k.license_id = $2 and l.customer_id = $3
for update of k
