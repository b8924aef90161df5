-- A request file that was used.
-- $1 public key, $2 request id. None or one row.
select request_sha256, installation_id, response_file from offline_request
where public_key = $1::bytea and request_id = $2::uuid
