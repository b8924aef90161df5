-- Gives the entitlement of a license, of which an installation was barred or is not any more, a new place in the
-- feed. Needs the feed's lock. $1 license, $2 feed revision, $3 now, in ms since 1970.
-- None or one row: none while the issuer's feed has not told of the license; it will come with the list then.
update entitlement set
  feed_revision = $2::bigint,
  barred_revision = greatest(barred_revision + 1, $3::bigint)
where license = $1
returning feed_revision
