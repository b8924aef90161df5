-- Uses a challenge, in the transaction of the change that it is for. Waits while another transaction
-- uses it.
-- $1 id, $2 SHA-256 of the request, $3 when the challenge ends.
-- One row if it was not used, or by this request; none if by another one.
insert into used_challenge (id, request_sha256, expire_time)
values ($1::uuid, $2::bytea, $3::timestamptz)
on conflict (id) do update set id = excluded.id
where used_challenge.request_sha256 = excluded.request_sha256
returning id
