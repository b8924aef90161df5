-- Writes the next revision of an edition that this transaction has locked.
-- $1 product, $2 id, $3 revision, $4 display name, $5 terms, $6 term in days, $7 maintenance in days,
-- $8 retired, $9 update time
update edition
set
  revision = $3, display_name = $4, terms = $5, term_days = $6, maintenance_days = $7, retired = $8,
  update_time = $9
where product_id = $1 and id = $2
