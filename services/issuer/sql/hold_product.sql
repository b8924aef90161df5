-- Keeps a product from being changed until the transaction ends; others may hold it too. Tells
-- nothing of it: its features must be read by a later statement, because the snapshot of this one
-- may be older than the lock.
-- $1 id
select id
from product
where id = $1
for share
