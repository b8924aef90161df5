-- Every account that acts for none of some customers, in no order.
-- $1 the customers, may be none
select a.id, a.display_name, a.email, a.create_time, a.identities, a.memberships,
  a.deployment_roles
from account_with_roles a
where not exists (
  select from membership m where m.account_id = a.id and m.customer_id = any($1::uuid[])
)
