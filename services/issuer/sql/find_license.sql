-- One license of a customer with its features, or no row.
-- $1 id, $2 customer
select *
from license_with_features
where id = $1 and customer_id = $2
