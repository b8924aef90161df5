-- One request to join, with who asks, or no row; nobody else decides it until the transaction ends.
-- $1 id, $2 customer
select j.id, j.customer_id, j.account_id, a.display_name, a.email, j.state, j.create_time
from join_request j
join account a on a.id = j.account_id
where j.id = $1 and j.customer_id = $2
for no key update of j
