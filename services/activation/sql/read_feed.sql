-- A page of the entitlements that changed after a point of the feed, in its order.
-- $1 feed revision, $2 how many at most.
-- One row for each, or a single row without entitlement if there is none; each tells where
-- the feed stands (`head`), as of the same instant.
select
  feed.revision as head,
  page.license, page.revision, page.state, page.product, page.model, page.seats, page.features,
  page.start_time, page.end_time, page.validity_ms, page.grace_ms, page.seat_policy, page.passed_terms,
  page.product_revision, page.version_policy, page.feed_revision
from feed
left join lateral (
  select *
  from entitlement
  where entitlement.feed_revision > $1::bigint
  order by entitlement.feed_revision
  limit $2::integer
) page on true
order by page.feed_revision
