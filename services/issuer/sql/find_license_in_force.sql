-- A row if a customer has a license that is neither revoked nor over, begun or not.
-- $1 customer, $2 when
select id
from license
where customer_id = $1 and state <> 'REVOKED' and end_time > $2
limit 1
