-- Moves an entitlement to the end of the feed, as it is by now, and wakes the watchers once the
-- transaction is committed. Needs the feed's lock.
-- $1 license, $2 feed revision: the next one. One row.
with moved as (
  update entitlement set feed_revision = $2::bigint where license = $1 returning license
)
update feed
set revision = $2::bigint
where exists (select 1 from moved)
returning pg_notify('activation_feed', '')
