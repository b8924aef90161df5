-- The account of an identity, or no row.
-- $1 issuer, $2 subject
select a.id, a.display_name, a.email, a.create_time, a.identities, a.memberships,
  a.deployment_roles
from account_identity i
join account_with_roles a on a.id = i.account_id
where i.issuer = $1 and i.subject = $2
