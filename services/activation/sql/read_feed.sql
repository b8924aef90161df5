-- A page of the entitlements that changed after a point of the feed, in its order: of licenses, and
-- of resources that are or were bound, by the license that they are bound to, or were last.
-- $1 feed revision, $2 how many at most.
-- One row for each, or a single row without entitlement if there is none; each tells where
-- the feed stands (`head`), as of the same instant, and which installations are barred. Those are left out by
-- the database's clock: that one stays on the list for a while more or less does no harm. Of a license that named
-- users: how often they changed, and their names in order; null of all others.
select
  feed.revision as head,
  page.license, page.revision, page.state, page.product, page.model, page.seats, page.features,
  page.start_time, page.end_time, page.validity_ms, page.grace_ms, page.seat_policy, page.passed_terms,
  page.product_revision, page.version_policy,
  page.feed_revision, page.resource, page.barred_revision,
  array(
    select id::text from installation
    where page.resource is null and installation.license = page.license and barred_until > now()
    order by id
  ) as barred,
  naming.revision as naming_revision,
  case when naming.revision is not null then array(
    select user_name from named_user where named_user.license = page.license order by user_name
  ) end as named_users
from feed
left join lateral (
  select * from (
    (
      select
        license, revision, state, product, model, seats, features, start_time, end_time,
        validity_ms, grace_ms, seat_policy, passed_terms, product_revision, version_policy,
        feed_revision, barred_revision, null::text as resource
      from entitlement
      where entitlement.feed_revision > $1::bigint
      order by entitlement.feed_revision
      limit $2::integer
    )
    union all
    (
      select
        coalesce(bound.license, ''), bound.pool_revision,
        case when bound.license is null then 'REVOKED' else lent.state end,
        lent.product, lent.model, lent.seats, lent.features, lent.start_time, lent.end_time,
        lent.validity_ms, lent.grace_ms, lent.seat_policy, lent.passed_terms, lent.product_revision,
        lent.version_policy, bound.feed_revision, 0::bigint,
        bound.customer || '/resources/' || bound.id
      from resource bound
      join entitlement lent on lent.license = bound.pool_license
      where bound.feed_revision > $1::bigint
      order by bound.feed_revision
      limit $2::integer
    )
  ) changed
  order by changed.feed_revision
  limit $2::integer
) page on true
left join naming on page.resource is null and naming.license = page.license
order by page.feed_revision
