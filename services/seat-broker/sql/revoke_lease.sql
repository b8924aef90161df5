-- Keeps that a lease is taken back, and who did it, and tells the brokers. A lease that is taken back
-- already stays so; to free its seat at once as well is a new act.
-- $1 license  $2 lease  $3 immediate  $4 when nobody can hold it any more  $5 installation, or null
-- $6 reason  $7 subject  $8 now
-- One row if there is something new; else none.
with changed as (
  insert into revocation (license, lease, immediate, forget_time)
  values ($1::uuid, $2::text, $3::boolean, $4::timestamptz)
  on conflict (license, lease) do update
  set immediate = true
  where excluded.immediate and not revocation.immediate
  returning license
),
head as (
  update administration_head
  set number = number + 1
  where exists (select 1 from changed)
  returning number
),
act as (
  insert into administration_act (
    number, license, kind, lease, installation, immediate, reason, subject, act_time
  )
  select
    head.number, changed.license, 'REVOKE_SEAT', $2::text, $5::uuid, $3::boolean, $6::text,
    $7::text, $8::timestamptz
  from changed, head
  returning number
)
select pg_notify('seat_broker_acts', '') as notified from act;
