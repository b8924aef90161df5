-- Every signing key, the newest at the front; sealed, where the private half is kept.
select
  kid, purpose, generation, state, public_key, sealed_private_key, create_time, retire_time
from signing_key
order by create_time desc, generation desc, kid
