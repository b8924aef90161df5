-- Keeps when an incarnation of Redis was first seen: now, unless it was seen before.
-- $1 incarnation  $2 now, in ms of its clock
-- One row: first_seen_ms.
insert into redis_incarnation (incarnation, first_seen_ms)
values ($1::text, $2::bigint)
on conflict (incarnation) do update
-- Changes nothing; without it the row that is there would not be returned.
set first_seen_ms = redis_incarnation.first_seen_ms
returning first_seen_ms;
