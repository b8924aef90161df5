-- Stores a product key under another pepper, if it is still stored under the one it was found
-- under. Waits for nobody: a key that somebody else is changing is moved another time.
-- $1 id, $2 pepper version it was found under, $3 new pepper version, $4 MAC under the new one
update product_key
set pepper_version = $3, mac = $4
where id = (
  select id
  from product_key
  where id = $1 and pepper_version = $2 and state = 'ACTIVE'
  for update skip locked
)
