-- Locks a product until the transaction ends, against those who change and who hold it. Tells
-- nothing of it, as hold_product.
-- $1 id
select id
from product
where id = $1
for no key update
