-- Writes what became of an open request to join that this transaction has locked.
-- $1 id, $2 state
update join_request
set state = $2
where id = $1
