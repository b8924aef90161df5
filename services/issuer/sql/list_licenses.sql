-- Every license of a customer, or of all customers, in no order.
-- $1 customer, or null
select *
from license_with_features
where $1::uuid is null or customer_id = $1
