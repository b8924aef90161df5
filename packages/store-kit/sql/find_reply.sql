-- The reply of a committed request, and what it was asked.
-- $1 request id. None or one row.
select method, body_sha256, reply from request_reply where request_id = $1::uuid
