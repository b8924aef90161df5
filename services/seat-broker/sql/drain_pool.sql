-- Keeps that a pool is drained, or resumed, and who did it, and tells the brokers.
-- $1 license  $2 whether it is drained  $3 subject  $4 now
-- One row if that is new; else none.
with changed as (
  update pool
  set drained = $2::boolean, drain_revision = drain_revision + 1
  where license = $1::uuid and drained <> $2::boolean
  returning license
),
head as (
  update administration_head
  set number = number + 1
  where exists (select 1 from changed)
  returning number
),
act as (
  insert into administration_act (number, license, kind, reason, subject, act_time)
  select
    head.number, changed.license, case when $2::boolean then 'DRAIN_POOL' else 'RESUME_POOL' end,
    '', $3::text, $4::timestamptz
  from changed, head
  returning number
)
select pg_notify('seat_broker_acts', '') as notified from act;
