-- A resource, if it is bound to a license that may be used.
-- $1 customer, $2 id, $3 time. None or one row.
select
  resource.id, resource.customer, resource.external_id, resource.display_name, resource.kind,
  resource.license, resource.create_time, resource.update_time
from resource
join entitlement on entitlement.license = resource.license
where resource.customer = $1 and resource.id = $2::uuid and not resource.removed
  and entitlement.state = 'ACTIVE'
  and entitlement.start_time <= $3::timestamptz and entitlement.end_time > $3::timestamptz
