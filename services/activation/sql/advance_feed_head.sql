-- Records where the feed stands, and wakes the watchers once the transaction is committed. Needs
-- the feed's lock.
-- $1 feed revision. One row.
update feed set revision = $1::bigint
returning pg_notify('activation_feed', '')
