-- Adds a row to a license's history.
-- $1 license, $2 revision, $3 when, $4 who, $5 what was done, $6 why, $7 the license since then
insert into license_revision (license_id, revision, at, subject, action, why, snapshot)
values ($1, $2, $3, $4, $5, $6, $7)
