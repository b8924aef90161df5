-- One request to join, or no row; nobody else decides it until the transaction ends.
-- $1 id, $2 customer
select id, customer_id, account_id, state, create_time
from join_request
where id = $1 and customer_id = $2
for no key update
