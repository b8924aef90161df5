-- Deletes replies that are past their time, the oldest first.
-- $1 how many at most. One row for each deleted. Steps over rows that others hold.
delete from request_reply
where request_id in (
  select request_id from request_reply
  where expires < now()
  order by expires
  limit $1::int
  for update skip locked
)
returning request_id
