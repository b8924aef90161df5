-- Takes the next epoch of a pool, and reads what to set it up by, in one step.
-- $1 license
-- None or one row: as read_pool, with the epoch, the longest that a lease may have lived, and for how many
-- seats there may be leases.
update pool
set lease_epoch = lease_epoch + 1
where license = $1::uuid
returning
  license, name, bound_to, revision, state, model, seats, features,
  start_time, end_time, validity_ms, grace_ms, seat_policy, naming, change_policy, versions, product_revision,
  drained, drain_revision,
  longest_lease_ms, lease_epoch, room;
