-- Keeps an open request to join. No row comes back if one of this account waits at the customer already.
-- $1 id, $2 customer, $3 account, $4 create time
insert into join_request (id, customer_id, account_id, state, create_time)
values ($1, $2, $3, 'OPEN', $4)
on conflict (account_id, customer_id) where state = 'OPEN' do nothing
returning id
