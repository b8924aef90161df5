-- Records where the feed stands, and how far the issuer's has been dealt with; wakes the
-- watchers once the transaction is committed. Needs the feed's lock.
-- $1 feed revision, $2 issuer cursor. One row.
update feed set revision = $1::bigint, issuer_cursor = $2::bigint
returning pg_notify('activation_feed', '')
