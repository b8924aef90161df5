-- Gives an account a role; one that has it already keeps it as it was granted.
-- $1 account, $2 role, $3 who grants it, $4 when
insert into administrator_role (account_id, role, granted_by, grant_time)
values ($1, $2, $3, $4)
on conflict (account_id, role) do nothing
