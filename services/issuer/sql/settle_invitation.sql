-- Writes what became of an open invitation that this transaction has locked.
-- $1 id, $2 state, $3 the account that accepted it, or null
update invitation
set state = $2, accepted_by = $3
where id = $1
