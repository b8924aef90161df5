-- What is known of a customer.
-- $1 name. None or one row.
select name, revision, resource_limit from customer where name = $1
