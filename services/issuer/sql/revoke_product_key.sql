-- Revokes a product key that this transaction has locked. One that was kept is so no more.
-- $1 id, $2 the key that was made in its place, null if none was
update product_key
set state = 'REVOKED', replaced_by = $2, sealed_key = null
where id = $1
