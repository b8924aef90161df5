-- Keeps a trust bundle unless it is older than the one that is kept; wakes the watchers.
-- $1 version, $2 token. One row if it was kept.
insert into trust (version, token)
values ($1::integer, $2)
on conflict (only_row) do update set version = excluded.version, token = excluded.token
where trust.version < excluded.version
returning pg_notify('activation_feed', '')
