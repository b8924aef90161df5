-- Creates a product. No row comes back if its id is taken. Its features are a statement of their own
-- in the same transaction.
-- $1 id, $2 display name, $3 sales contact, $4 help contact, $5 version policy, $6 create time
insert into product (
  id, display_name, sales_contact, help_contact, version_policy, revision, create_time, update_time
)
values ($1, $2, $3, $4, $5, 1, $6, $6)
on conflict (id) do nothing
returning id
