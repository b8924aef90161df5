-- Forgets request files that are too old to be accepted. Rows that others hold are left to them.
-- $1 now, $2 how many at most. One row for each.
delete from offline_request
where (public_key, request_id) in (
  select public_key, request_id from offline_request
  where expire_time <= $1::timestamptz
  order by expire_time
  limit $2::integer
  for update skip locked
)
returning request_id
