-- Creates a customer. No row comes back if its reference id is taken.
-- $1 id, $2 display name, $3 reference id, $4 create time
insert into customer (id, display_name, reference_id, create_time)
values ($1, $2, $3, $4)
on conflict (reference_id) do nothing
returning id
