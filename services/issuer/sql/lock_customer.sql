-- One customer, or no row; nobody else changes or holds it until the transaction ends.
-- $1 id
select
  id, display_name, reference_id, state, contacts, resource_limit, revision, create_time, update_time
from customer
where id = $1
for no key update
