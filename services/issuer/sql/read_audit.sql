-- Audit entries from one on, in their order, each row with the head of the chain. All of one
-- snapshot. If there are none from there on there is one row, with the head alone; without a
-- head, which is nothing that this service does, its columns are null.
-- Times are microseconds since 1970: all that the column can tell, for the hash covers all of it.
-- $1 first sequence, $2 most entries to return
select head.sequence as head_sequence, head.hash as head_hash, page.*
from (select 1) always
left join audit_head head on true
left join lateral (
  select
    e.sequence, (extract(epoch from e.at) * 1000000)::bigint as at_us,
    e.subject, e.method, e.resource, e.why, e.request_id, e.request_sha256, e.hash
  from audit_entry e
  where e.sequence >= $1
  order by e.sequence
  limit $2
) page on true
order by page.sequence
