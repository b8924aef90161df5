-- Every audit entry. Microseconds since 1970 beside the time, as in `read_audit`.
select
  e.sequence, e.at, (extract(epoch from e.at) * 1000000)::bigint as at_us,
  e.subject, e.method, e.resource, e.why, e.request_id, e.request_sha256, e.hash
from audit_entry e
