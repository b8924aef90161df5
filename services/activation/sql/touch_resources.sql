-- Puts the pools of all resources of a license into the feed, after its entitlement changed. Needs
-- the feed's lock.
-- $1 license, $2 the entitlement's feed revision, behind which they stand. One row: how many they are.
--
-- The revision of a pool is no less than the time in ms: should the database be restored from an older
-- copy, seat-brokers that saw newer revisions still heed it.
with numbered as (
  select id, row_number() over (order by id) as place from resource where license = $1
),
touched as (
  update resource
  set
    pool_revision = greatest(pool_revision + 1, (extract(epoch from now()) * 1000)::bigint),
    feed_revision = $2::bigint + numbered.place
  from numbered
  where resource.id = numbered.id
  returning resource.id
)
select count(*) as touched from touched
