-- Creates an edition; no row comes back if its id is taken. Its history row is a statement of its own
-- in the same transaction.
-- $1 product, $2 id, $3 display name, $4 terms, $5 term in days, $6 maintenance in days, $7 retired,
-- $8 create time
insert into edition (
  product_id, id, revision, display_name, terms, term_days, maintenance_days, retired,
  create_time, update_time
)
values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $8)
on conflict (product_id, id) do nothing
returning id
