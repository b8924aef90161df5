-- Adds a row to a customer's history.
-- $1 customer, $2 revision, $3 when, $4 who, $5 what was done, $6 why, $7 the customer since then
insert into customer_revision (customer_id, revision, at, subject, action, why, snapshot)
values ($1, $2, $3, $4, $5, $6, $7)
