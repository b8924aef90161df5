-- What each table is, for whoever looks into the database without these files.
comment on table pool is
  'The terms of every license, and how often its pool was set up: what the seat-broker must not forget when Redis does.';
comment on table redis_incarnation is
  'When each incarnation of Redis was first seen, in ms since 1970 by the clock of that Redis.';
comment on table feed_cursor is
  'How far activation''s feed was followed. One row.';
comment on table trust is
  'The newest trust bundle, as its root signed it. At most one row.';
comment on table revocation is
  'Leases that were taken back, until nobody can hold them any more: a pool that lost its data must not take them in again.';
comment on table administration_head is
  'How many acts there are. One row, locked until the commit by whoever adds one, so that a reader who sees one sees every smaller one.';
comment on table administration_act is
  'Who did what to a pool, when and why. Append-only.';
comment on table usage_ledger is
  'How far the ledger of each license was taken over from Redis. One row a license.';
comment on table usage_session is
  'What became of seats that were granted. One row a lease; pruned by age, for its names are personal data.';
comment on table usage_denial is
  'Leases that were asked for in vain. One row a lease; pruned by age, for its names are personal data.';
comment on table usage_rollup is
  'One row for each quarter of an hour in which a pool ('''') or a feature was used or asked for.';
comment on table borrow is
  'Borrowed seats, until they are free: a pool that lost its data is given them back, for their holders send no heartbeats. Names in it are personal data.';
comment on table schema_migration is
  'The migrations that were applied, each with the digest of its file.';
