-- The requests to join a customer, in no order.
-- $1 customer
select id, customer_id, account_id, state, create_time
from join_request
where customer_id = $1
