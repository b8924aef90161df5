-- $1 customer, $2 id. None or one row.
select id, customer, external_id, display_name, kind, license, create_time, update_time
from resource
where customer = $1 and id = $2::uuid and not removed
