-- The resources of a customer.
-- $1 customer, $2 null for all; or a time: those that are bound to a license that may then be used
select
  resource.id, resource.customer, resource.external_id, resource.display_name, resource.kind,
  resource.license, resource.create_time, resource.update_time
from resource
left join entitlement on entitlement.license = resource.license
where resource.customer = $1 and not resource.removed
  and (
    $2::timestamptz is null
    or entitlement.state = 'ACTIVE'
      and entitlement.start_time <= $2::timestamptz and entitlement.end_time > $2::timestamptz
  )
