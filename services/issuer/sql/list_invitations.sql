-- The invitations of a customer, in no order.
-- $1 customer
select id, customer_id, email, role, state, create_time, expire_time
from invitation
where customer_id = $1
