-- One invitation, or no row; nobody else settles it until the transaction ends.
-- $1 id, $2 customer
select id, customer_id, email, role, state, create_time, expire_time
from invitation
where id = $1 and customer_id = $2
for no key update
