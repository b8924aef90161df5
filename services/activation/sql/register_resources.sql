-- Registers resources of a customer. One that was removed is registered anew, as it was called; one
-- that there is stays as it is.
-- $1 customer, $2 ids, $3 external ids, each once, $4 display names, $5 kinds, $6 time.
-- One row for each that was registered: its external id.
insert into resource (id, customer, external_id, display_name, kind, create_time, update_time)
select given.id, $1, given.external_id, given.display_name, given.kind, $6::timestamptz, $6::timestamptz
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[])
  as given (id, external_id, display_name, kind)
-- All in the same order, or two calls could wait for each other.
order by given.external_id
on conflict (customer, external_id) do update set
  display_name = excluded.display_name,
  kind = excluded.kind,
  update_time = excluded.update_time,
  removed = false
where resource.removed
returning external_id
