-- Puts a license at the end of the feed, and wakes the watchers when it commits. Must be
-- the last write on licenses in its transaction: from here to the commit no other
-- transaction can advance the feed.
-- $1 license
with head as (
  update feed_head set revision = revision + 1 returning revision
),
placed as (
  insert into license_feed (license_id, feed_revision)
  select $1::uuid, head.revision from head
  on conflict (license_id) do update set feed_revision = excluded.feed_revision
  returning feed_revision
)
select placed.feed_revision, pg_notify('license_feed', '') as notified
from placed
