-- Writes the first revision of a license. Its features, its history row and its place in
-- the feed are statements of their own in the same transaction.
-- $1 id, $2 customer, $3 product, $4 licensee's name, $5 organization, $6 model, $7 seats,
-- $8 start time, $9 end time, $10 validity in ms, $11 grace in ms, $12 seat policy,
-- $13 create time, $14 edition, $15 its revision, both null for none
insert into license (
  id, customer_id, product_id, revision, state, licensee_name, licensee_organization,
  model, seats, start_time, end_time, validity_ms, grace_ms, seat_policy,
  create_time, update_time, edition_id, edition_revision
)
values ($1, $2, $3, 1, 'ACTIVE', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15)
