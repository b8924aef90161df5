-- A page of the entitlements that changed after a point of the feed, in its order.
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
  page.feed_revision, page.barred_revision,
  array(
    select id::text from installation
    where installation.license = page.license and barred_until > now()
    order by id
  ) as barred,
  naming.revision as naming_revision,
  case when naming.revision is not null then array(
    select user_name from named_user where named_user.license = page.license order by user_name
  ) end as named_users
from feed
left join lateral (
  select *
  from entitlement
  where entitlement.feed_revision > $1::bigint
  order by entitlement.feed_revision
  limit $2::integer
) page on true
left join naming on naming.license = page.license
order by page.feed_revision
