-- Ends sessions of before a loss of data whose holders did not come back while the pool learned, up
-- to 1,000: they are lost since it was set up. Their usage is counted anew.
-- $1 now, or a little earlier: learning ended before
-- Rows: lease.
with gone as (
  select s.license, s.lease, l.recovered_time
  from usage_ledger as l
  join usage_session as s
    on s.license = l.license and s.epoch < l.recovered_epoch and s.ended_time is null
  where l.learned_time < $1::timestamptz and l.recovered_epoch > 0
  limit 1000
),
recount as (
  update usage_ledger as l
  set rolled_until = least(
    l.rolled_until, date_bin('15 minutes', g.recovered_time, timestamptz 'epoch')
  )
  from (select distinct license, recovered_time from gone) as g
  where l.license = g.license
)
update usage_session as s
set ended_time = greatest(s.granted_time, gone.recovered_time), end_reason = 'LOST'
from gone
where s.license = gone.license and s.lease = gone.lease and s.ended_time is null
returning s.lease;
