-- Keeps the response to a request file, unless it has one; enters the file as used if it is not.
-- $1 public key, $2 request id, $3 SHA-256 of the request, $4 installation id, $5 response file,
-- $6 expire time.
-- One row if it was kept; none if there is a response already, or if the id is another request's.
insert into offline_request (
  public_key, request_id, request_sha256, installation_id, response_file, expire_time
)
values ($1::bytea, $2::uuid, $3::bytea, $4::uuid, $5, $6::timestamptz)
on conflict (public_key, request_id) do update set
  installation_id = excluded.installation_id,
  response_file = excluded.response_file
where offline_request.response_file is null
  and offline_request.request_sha256 = excluded.request_sha256
returning request_id
