-- Locks a license until the transaction ends. Tells nothing of it: its features must be
-- read by a later statement, because the snapshot of this one may be older than the lock.
-- $1 id, $2 customer
select id
from license
where id = $1 and customer_id = $2
for update
