-- Remembers that there is a bootstrap token, and how far time has come by it, which never goes back.
-- Tells when it was first seen, and how far time has come.
-- $1 SHA-256 of the token, $2 now
insert into bootstrap_token as known (sha256, first_seen_time, latest_time)
values ($1, $2, $2)
on conflict (sha256) do update
set latest_time = greatest(known.latest_time, excluded.latest_time)
returning first_seen_time, latest_time
