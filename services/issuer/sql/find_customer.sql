-- One customer, or no row.
-- $1 id
select id, display_name, reference_id, create_time
from customer
where id = $1
