-- A license, and how its places stand.
-- $1 license.
-- None or one row: model, state and seats, how often its named users changed, how many there are,
-- and how many bytes their names have.
select
  entitlement.model, entitlement.state, entitlement.seats,
  coalesce(naming.revision, 0) as revision,
  (select count(*) from named_user where named_user.license = entitlement.license)::integer as users,
  (
    select coalesce(sum(octet_length(user_name)), 0)
    from named_user
    where named_user.license = entitlement.license
  )::integer as bytes
from entitlement
left join naming on naming.license = entitlement.license
where entitlement.license = $1
