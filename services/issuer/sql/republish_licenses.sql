-- Puts every license of a product at the end of the feed, and wakes the watchers when it commits. As
-- advance_feed.sql, it must be the last write on licenses in its transaction. The product is locked, so
-- that no license of it is being issued.
-- $1 product
with held as (
  select id, row_number() over (order by create_time, id) as place
  from license
  where product_id = $1
),
head as (
  update feed_head set revision = revision + (select count(*) from held) returning revision
),
placed as (
  insert into license_feed (license_id, feed_revision)
  select held.id, head.revision - (select count(*) from held) + held.place
  from held, head
  on conflict (license_id) do update set feed_revision = excluded.feed_revision
  returning feed_revision
)
select count(*) as placed, pg_notify('license_feed', '') as notified
from placed
