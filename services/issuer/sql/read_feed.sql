-- One page of the feed after a point, oldest change first, each row with where the feed
-- stands, what the product tells, and what of its customer bears on it. All of one snapshot: the licenses are
-- as they are at that point. If nothing comes after the point there is one row, with the head alone.
-- $1 feed revision, exclusive; $2 most licenses to return
select head.revision as head, page.*
from feed_head head
left join lateral (
  select
    f.feed_revision, l.*, p.revision as product_revision, p.version_policy,
    c.revision as customer_revision, c.resource_limit as customer_resources
  from license_feed f
  join license_with_features l on l.id = f.license_id
  join product p on p.id = l.product_id
  join customer c on c.id = l.customer_id
  where f.feed_revision > $1
  order by f.feed_revision
  limit $2
) page on true
order by page.feed_revision
