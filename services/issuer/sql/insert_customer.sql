-- Creates a customer, its first revision. No row comes back if its reference id is taken. Its history row
-- is a statement of its own in the same transaction.
-- $1 id, $2 display name, $3 reference id, $4 contacts, $5 most resources, null for any number,
-- $6 create time
insert into customer (
  id, display_name, reference_id, state, contacts, resource_limit, revision, create_time, update_time
)
values ($1, $2, $3, 'ACTIVE', $4, $5, 1, $6, $6)
on conflict (reference_id) do nothing
returning id
