-- Takes a role from an account; no row if it does not have it. The last owner cannot lose the role.
-- $1 account, $2 role
delete from administrator_role
where account_id = $1 and role = $2
returning account_id
