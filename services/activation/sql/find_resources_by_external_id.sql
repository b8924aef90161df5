-- $1 customer, $2 external ids. One row for each that there is.
select id, customer, external_id, display_name, kind, license, create_time, update_time
from resource
where customer = $1 and external_id = any ($2::text[]) and not removed
