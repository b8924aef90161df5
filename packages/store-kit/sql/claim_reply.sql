-- Claims a request id for this transaction.
-- $1 request id, $2 method, $3 SHA-256 of the body.
-- One row if claimed; none if a committed request has the id. Waits while another
-- transaction holds the claim.
insert into request_reply (request_id, method, body_sha256)
values ($1::uuid, $2, $3)
on conflict (request_id) do nothing
returning request_id
