-- Removes a resource that is bound to no license. Needs the feed's lock.
-- $1 id, $2 time. No rows.
update resource set removed = true, update_time = $2::timestamptz where id = $1::uuid
