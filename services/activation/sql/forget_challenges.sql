-- Forgets challenges that ended before a time, the oldest first.
-- $1 the time, $2 how many at most. One row for each. Steps over rows that others hold.
delete from used_challenge
where id in (
  select id from used_challenge
  where expire_time < $1::timestamptz
  order by expire_time
  limit $2::integer
  for update skip locked
)
returning id
