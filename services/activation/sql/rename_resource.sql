-- $1 customer, $2 id, $3 display name, $4 time. None or one row: the resource.
update resource
set display_name = $3, update_time = $4::timestamptz
where customer = $1 and id = $2::uuid and not removed
returning id, customer, external_id, display_name, kind, license, create_time, update_time
