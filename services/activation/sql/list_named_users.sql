-- The users that a license names, in no order.
-- $1 license.
select id, license, user_name, assign_time, assigned_by
from named_user
where license = $1
