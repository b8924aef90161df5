-- Appends an entry to the audit log; its number and its hash are the database's. From here
-- to the commit no other transaction can append: must be the last statement before it.
-- $1 time, $2 subject, $3 method, $4 resource, $5 why, $6 request id, $7 SHA-256 of the request
insert into audit_entry (at, subject, method, resource, why, request_id, request_sha256)
values ($1, $2, $3, $4, $5, $6, $7)
