-- Stores the reply of the request that this transaction claimed.
-- $1 request id, $2 reply.
update request_reply set reply = $2::bytea where request_id = $1::uuid
returning request_id
