-- Writes the next revision of a license that this transaction has locked.
-- $1 id, $2 revision, $3 state, $4 seats, $5 start time, $6 end time, $7 validity in ms,
-- $8 grace in ms, $9 seat policy, $10 update time
update license
set
  revision = $2, state = $3, seats = $4, start_time = $5, end_time = $6,
  validity_ms = $7, grace_ms = $8, seat_policy = $9, update_time = $10
where id = $1
