-- The invitation of a secret, or no row; nobody else settles it until the transaction ends.
-- $1 SHA-256 of the secret
select id, customer_id, email, role, state, create_time, expire_time
from invitation
where secret_sha256 = $1
for no key update
