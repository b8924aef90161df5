-- Enters a request file as used, before it is answered.
-- $1 public key, $2 request id, $3 SHA-256 of the request, $4 expire time.
-- One row if it was entered; none if one of this key and id is there. Waits while another
-- transaction enters it.
insert into offline_request (public_key, request_id, request_sha256, expire_time)
values ($1::bytea, $2::uuid, $3::bytea, $4::timestamptz)
on conflict (public_key, request_id) do nothing
returning request_id
