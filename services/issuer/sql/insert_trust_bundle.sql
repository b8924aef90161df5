-- Keeps a new trust bundle, and tells every issuer of it when it commits.
-- $1 version, $2 token, $3 create time
with kept as (
  insert into trust_bundle (version, token, create_time)
  values ($1, $2, $3)
  returning version
)
select pg_notify('key_ring', '') as notified
from kept
