-- Every signing key, sealed.
select kid, purpose, public_key, sealed_private_key
from signing_key
order by purpose
