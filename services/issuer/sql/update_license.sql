-- Writes the next revision of a license that this transaction has locked.
-- $1 id, $2 revision, $3 state, $4 the license that it became, or null, $5 update time; then the terms:
-- $6 seats, $7 start time, $8 end time, $9 end of maintenance, $10 oldest and $11 newest version,
-- $12 validity in ms, $13 grace in ms, $14 change policy, $15 seat policy, $16 installation policy,
-- $17 how many resources it may have, or null
update license
set
  revision = $2, state = $3, transferred_to = $4, update_time = $5,
  seats = $6, start_time = $7, end_time = $8, maintenance_end_time = $9,
  oldest_version = $10, newest_version = $11, validity_ms = $12, grace_ms = $13,
  change_policy = $14, seat_policy = $15, installation_policy = $16,
  resource_limit = $17
where id = $1
