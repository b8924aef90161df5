-- The requests to join a customer, with who asks, in no order.
-- $1 customer
select j.id, j.customer_id, j.account_id, a.display_name, a.email, j.state, j.create_time
from join_request j
join account a on a.id = j.account_id
where j.customer_id = $1
