-- What a license entitles to.
-- $1 license. None or one row.
select
  license, revision, state, product, model, seats, features, start_time, end_time,
  validity_ms, grace_ms, seat_policy, passed_terms, product_revision, version_policy,
  feed_revision, barred_revision, null::text as resource
from entitlement
where license = $1
