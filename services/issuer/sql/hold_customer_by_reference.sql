-- The customer of a reference id, or no row; nobody changes it until the transaction ends.
-- $1 reference id
select
  id, display_name, reference_id, state, contacts, resource_limit, revision, create_time, update_time
from customer
where reference_id = $1
for share
