-- Writes the first revision of a license. Its features, its history row and its place in
-- the feed are statements of their own in the same transaction.
-- $1 id, $2 customer, $3 product, $4 licensee's name, $5 organization, $6 state, $7 model, $8 trial,
-- $9 the license that became this one, or null, $10 create time; then the terms that can change:
-- $11 seats, $12 start time, $13 end time, $14 end of maintenance, $15 oldest and $16 newest version,
-- $17 validity in ms, $18 grace in ms, $19 change policy, $20 seat policy, $21 installation policy
insert into license (
  id, customer_id, product_id, revision, licensee_name, licensee_organization,
  state, model, trial, transferred_from, create_time, update_time,
  seats, start_time, end_time, maintenance_end_time, oldest_version, newest_version,
  validity_ms, grace_ms, change_policy, seat_policy, installation_policy
)
values (
  $1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $10,
  $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
)
