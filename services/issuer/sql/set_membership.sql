-- Lets an account act for a customer that is open; one that does already takes the role, and has been
-- there since before.
-- $1 account, $2 customer, $3 role, $4 since when
insert into membership (account_id, customer_id, role, create_time)
values ($1, $2, $3, $4)
on conflict (account_id, customer_id) do update set role = excluded.role
