-- Locks an account until the transaction ends. Tells nothing of it: its identities must be
-- read by a later statement, because the snapshot of this one may be older than the lock.
-- $1 id
select id
from account
where id = $1
for no key update
