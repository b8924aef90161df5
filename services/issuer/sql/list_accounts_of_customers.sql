-- Every account that acts for all of some customers and for none of others, in no order. The first
-- customer stands by itself, so that its members are found by an index.
-- $1 the others, may be none; $2 the customers, at least one
select a.id, a.display_name, a.email, a.create_time, a.identities, a.memberships,
  a.deployment_roles
from account_with_roles a
where a.id in (select m.account_id from membership m where m.customer_id = ($2::uuid[])[1])
  and not exists (
    select from unnest($2::uuid[]) as wanted (customer_id)
    where not exists (
      select from membership m where m.account_id = a.id and m.customer_id = wanted.customer_id
    )
  )
  and not exists (
    select from membership m where m.account_id = a.id and m.customer_id = any($1::uuid[])
  )
