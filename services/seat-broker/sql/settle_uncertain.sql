-- Ends sessions that nobody knows of any more.
-- $1 license  $2 leases  $3 now
-- No rows.
with settled as (
  update usage_ledger
  set uncertain = false
  where license = $1::uuid
)
update usage_session
set ended_time = greatest(granted_time, $3::timestamptz), end_reason = 'LOST'
where license = $1::uuid and lease = any ($2::uuid[]) and ended_time is null;
