-- Writes the next revision of a product that this transaction has locked. Its features are
-- statements of their own.
-- $1 id, $2 revision, $3 display name, $4 sales contact, $5 help contact, $6 version policy,
-- $7 update time
update product
set
  revision = $2, display_name = $3, sales_contact = $4, help_contact = $5, version_policy = $6,
  update_time = $7
where id = $1
