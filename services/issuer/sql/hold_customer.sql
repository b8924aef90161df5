-- One customer, or no row; nobody changes it until the transaction ends. Others may hold it too.
-- $1 id
select
  id, display_name, reference_id, state, contacts, resource_limit, revision, create_time, update_time
from customer
where id = $1
for share
