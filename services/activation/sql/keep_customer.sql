-- Keeps what of a customer bears on its licenses, unless a revision as new is kept.
-- $1 name, $2 revision, $3 how many resources it may bind, or null. No rows.
insert into customer (name, revision, resource_limit)
values ($1, $2::bigint, $3::integer)
on conflict (name) do update set
  revision = excluded.revision,
  resource_limit = excluded.resource_limit
where customer.revision < excluded.revision
