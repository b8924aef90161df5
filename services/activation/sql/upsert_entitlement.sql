-- Enters what a license entitles to, or replaces an older revision of it or of what its product tells.
-- Needs the feed's lock.
-- $1 license, $2 revision, $3 state, $4 product, $5 model, $6 seats, $7 features (JSON),
-- $8 start time, $9 end time, $10 validity in ms, $11 grace in ms, $12 seat policy,
-- $13 passed terms, $14 feed revision, $15 product revision, $16 version policy of the product.
-- One row if it changed; none if these revisions, or newer ones, are there already.
insert into entitlement (
  license, revision, state, product, model, seats, features,
  start_time, end_time, validity_ms, grace_ms, seat_policy, passed_terms, feed_revision,
  product_revision, version_policy
)
values (
  $1, $2::bigint, $3, $4, $5, $6::integer, $7::jsonb,
  $8::timestamptz, $9::timestamptz, $10::integer, $11::integer, $12::bytea,
  $13::bytea, $14::bigint, $15::bigint, $16::bytea
)
on conflict (license) do update set
  revision = excluded.revision,
  state = excluded.state,
  product = excluded.product,
  model = excluded.model,
  seats = excluded.seats,
  features = excluded.features,
  start_time = excluded.start_time,
  end_time = excluded.end_time,
  validity_ms = excluded.validity_ms,
  grace_ms = excluded.grace_ms,
  seat_policy = excluded.seat_policy,
  passed_terms = excluded.passed_terms,
  feed_revision = excluded.feed_revision,
  product_revision = greatest(entitlement.product_revision, excluded.product_revision),
  version_policy = case
    when entitlement.product_revision < excluded.product_revision then excluded.version_policy
    else entitlement.version_policy
  end
where
  entitlement.revision < excluded.revision
  or (
    entitlement.revision = excluded.revision
    and entitlement.product_revision < excluded.product_revision
  )
returning feed_revision
