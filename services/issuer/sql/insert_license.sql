-- Writes the first revision of a license. Its features, its history row and its place in
-- the feed are statements of their own in the same transaction.
-- $1 id, $2 customer, $3 product, $4 licensee's name, $5 organization, $6 state, $7 model, $8 trial,
-- $9 edition, $10 its revision, both null for none, $11 the license that became this one, or null,
-- $12 create time; then the terms that can change:
-- $13 seats, $14 start time, $15 end time, $16 end of maintenance, $17 oldest and $18 newest version,
-- $19 validity in ms, $20 grace in ms, $21 change policy, $22 seat policy, $23 installation policy,
-- $24 how many resources it may have, or null
insert into license (
  id, customer_id, product_id, revision, licensee_name, licensee_organization,
  state, model, trial, edition_id, edition_revision, transferred_from, create_time, update_time,
  seats, start_time, end_time, maintenance_end_time, oldest_version, newest_version,
  validity_ms, grace_ms, change_policy, seat_policy, installation_policy, resource_limit
)
values (
  $1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12,
  $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24
)
