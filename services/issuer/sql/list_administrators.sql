-- Every account that has a role, in no order.
select a.id, a.display_name, a.email, a.grants
from administrator a
where exists (select from administrator_role r where r.account_id = a.id)
