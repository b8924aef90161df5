-- Creates an account. Its identity is a statement of its own in the same transaction.
-- $1 id, $2 display name, $3 email, $4 create time
insert into account (id, display_name, email, create_time)
values ($1, $2, $3, $4)
