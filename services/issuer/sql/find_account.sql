-- One account, or no row.
-- $1 id
select id, display_name, email, create_time, identities, memberships, deployment_roles
from account_with_roles
where id = $1
