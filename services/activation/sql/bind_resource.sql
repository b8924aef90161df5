-- Binds a resource to a license, or to none, and puts its pool into the feed. Needs the feed's lock.
-- Its pool's revision: see touch_resources.
-- $1 id, $2 license or null, $3 time, $4 feed revision. One row: the resource.
update resource
set
  license = $2,
  pool_license = coalesce($2, pool_license),
  pool_revision = greatest(pool_revision + 1, (extract(epoch from now()) * 1000)::bigint),
  update_time = $3::timestamptz,
  feed_revision = $4::bigint
where id = $1::uuid
returning id, customer, external_id, display_name, kind, license, create_time, update_time
