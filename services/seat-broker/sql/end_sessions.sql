-- Ends sessions. A session that counted as lost gets its true end.
-- $1 licenses and $2 leases  $3 when, $4 why each ended
-- No rows.
update usage_session
set ended_time = greatest(granted_time, given.at), end_reason = given.reason
from
  unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[])
    as given (license, lease, at, reason)
where
  usage_session.license = given.license
  and usage_session.lease = given.lease
  and (usage_session.ended_time is null or usage_session.end_reason = 'LOST');
