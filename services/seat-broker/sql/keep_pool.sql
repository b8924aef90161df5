-- Keeps a pool, unless a revision as new is kept already.
-- $1 license  $2 name  $3 revision  $4 state  $5 model  $6 seats  $7 features (JSON text)
-- $8 start, $9 end  $10 validity, $11 grace in ms  $12 seat policy (JSON text)
-- $13 how many seats may be taken, with the overdraft
-- $14 the license that a resource is bound to, empty for none; null for a license's own pool
-- No rows.
insert into pool (
  license, name, revision, state, model, seats, features,
  start_time, end_time, validity_ms, grace_ms, longest_lease_ms, seat_policy, room,
  bound_to
)
values (
  $1::uuid, $2::text, $3::bigint, $4::text, $5::text, $6::integer, $7::jsonb,
  $8::timestamptz, $9::timestamptz, $10::integer, $11::integer, $10::integer + $11::integer,
  $12::jsonb, $13::integer, $14::text
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
  room = greatest(pool.room, excluded.room),
  longest_lease_ms = greatest(pool.longest_lease_ms, excluded.longest_lease_ms)
where pool.revision < excluded.revision;
