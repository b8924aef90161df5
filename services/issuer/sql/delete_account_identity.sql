-- Takes an identity from an account that this transaction has locked.
-- $1 account, $2 issuer, $3 subject
delete from account_identity
where account_id = $1 and issuer = $2 and subject = $3
