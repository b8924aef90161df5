-- A user that a license names.
-- $1 license, $2 user. None or one row.
select id, license, user_name, assign_time, assigned_by
from named_user
where license = $1 and user_name = $2
