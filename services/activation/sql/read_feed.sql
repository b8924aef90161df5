-- A page of the entitlements that changed after a point of the feed, in its order: of licenses, and
-- of resources that are or were bound, by the license that they are bound to, or were last.
-- $1 feed revision, $2 how many at most.
-- One row for each, or a single row without entitlement if there is none; each tells where
-- the feed stands (`head`), as of the same instant.
select
  feed.revision as head,
  page.license, page.revision, page.state, page.product, page.model, page.seats, page.features,
  page.start_time, page.end_time, page.validity_ms, page.grace_ms, page.seat_policy, page.passed_terms,
  page.feed_revision, page.resource
from feed
left join lateral (
  select * from (
    (
      select
        license, revision, state, product, model, seats, features, start_time, end_time,
        validity_ms, grace_ms, seat_policy, passed_terms, feed_revision, null::text as resource
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
        lent.validity_ms, lent.grace_ms, lent.seat_policy, lent.passed_terms, bound.feed_revision,
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
order by page.feed_revision
