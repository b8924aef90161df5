-- Keeps a trust bundle, unless one of a later version is kept already.
-- $1 version  $2 bundle, as signed
-- No rows.
insert into trust (version, bundle)
values ($1::bigint, $2::text)
on conflict (one) do update
set version = excluded.version, bundle = excluded.bundle
where trust.version <= excluded.version;
