-- Keeps a pool, unless one as new is kept already: of a greater revision, or of the same one with named
-- users that changed as often, and with as great a revision of the product.
-- $1 license  $2 name  $3 revision  $4 state  $5 model  $6 seats  $7 features (JSON text)
-- $8 start, $9 end  $10 validity, $11 grace in ms  $12 seat policy (JSON text)
-- $13 how many seats may be taken, with the overdraft  $14 named users (JSON text), or null
-- $15 how often they changed
-- $16 change policy  $17 version rules (JSON text)  $18 revision of the product that they are of
-- $19 the license that a resource is bound to, empty for none; null for a license's own pool
-- No rows.
insert into pool (
  license, name, revision, state, model, seats, features,
  start_time, end_time, validity_ms, grace_ms, longest_lease_ms, seat_policy, room,
  naming, naming_revision, change_policy, versions, product_revision, bound_to
)
values (
  $1::uuid, $2::text, $3::bigint, $4::text, $5::text, $6::integer, $7::jsonb,
  $8::timestamptz, $9::timestamptz, $10::integer, $11::integer, $10::integer + $11::integer,
  $12::jsonb, $13::integer, $14::jsonb, $15::bigint,
  $16::text, $17::jsonb, $18::bigint, $19::text
)
on conflict (license) do update
set
  name = excluded.name,
  bound_to = excluded.bound_to,
  revision = excluded.revision,
  state = excluded.state,
  model = excluded.model,
  seats = excluded.seats,
  features = excluded.features,
  start_time = excluded.start_time,
  end_time = excluded.end_time,
  validity_ms = excluded.validity_ms,
  grace_ms = excluded.grace_ms,
  seat_policy = excluded.seat_policy,
  naming = excluded.naming,
  naming_revision = excluded.naming_revision,
  change_policy = excluded.change_policy,
  versions = excluded.versions,
  product_revision = excluded.product_revision,
  room = greatest(pool.room, excluded.room),
  longest_lease_ms = greatest(pool.longest_lease_ms, excluded.longest_lease_ms)
where (pool.revision, pool.naming_revision, pool.product_revision)
  < (excluded.revision, excluded.naming_revision, excluded.product_revision);
