-- Reads a pool.
-- $1 license
-- None or one row: as the columns are called; epoch aside.
select
  license, name, bound_to, revision, state, model, seats, features,
  start_time, end_time, validity_ms, grace_ms, seat_policy, naming, change_policy, versions, product_revision,
  drained, drain_revision
from pool
where license = $1::uuid;
