-- Puts a license of a customer at the end of the feed, whose entries tell of the customer too; and
-- wakes the watchers when it commits. Must be the last write in its transaction, as advance_feed.
-- $1 customer. One row, or none: without licenses there is nobody to be told.
with told as (
  select id from license where customer_id = $1::uuid order by create_time desc, id desc limit 1
),
head as (
  update feed_head set revision = revision + 1 where exists (select from told) returning revision
),
placed as (
  insert into license_feed (license_id, feed_revision)
  select told.id, head.revision from told, head
  on conflict (license_id) do update set feed_revision = excluded.feed_revision
  returning feed_revision
)
select placed.feed_revision, pg_notify('license_feed', '') as notified
from placed
