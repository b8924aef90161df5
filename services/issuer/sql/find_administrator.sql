-- One account with its roles, which may be none; or no row.
-- $1 account
select id, display_name, email, grants
from administrator
where id = $1
