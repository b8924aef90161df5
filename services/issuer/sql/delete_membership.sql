-- Ends that an account acts for a customer. No row comes back if it does not.
-- $1 account, $2 customer
delete from membership
where account_id = $1 and customer_id = $2
returning account_id
