-- Every customer, closed or not, in no order.
select
  id, display_name, reference_id, state, contacts, resource_limit, revision, create_time, update_time
from customer
