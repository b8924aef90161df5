-- Adds to the history of an installation.
-- $1 installation, $2 kind, $3 party, $4 subject, $5 why, $6 when. No rows.
insert into installation_change (installation, kind, party, subject, why, change_time)
values ($1::uuid, $2, $3, $4, $5, $6::timestamptz)
