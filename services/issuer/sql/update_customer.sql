-- Writes the next revision of a customer that this transaction has locked. Breaks
-- customer_reference_id_key if its reference id is taken.
-- $1 id, $2 revision, $3 display name, $4 reference id, $5 state, $6 contacts, $7 most resources,
-- null for any number, $8 update time
update customer
set
  revision = $2, display_name = $3, reference_id = $4, state = $5, contacts = $6,
  resource_limit = $7, update_time = $8
where id = $1
