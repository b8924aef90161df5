-- Keeps an open invitation, of its secret the digest.
-- $1 id, $2 customer, $3 email, $4 role, $5 SHA-256 of the secret, $6 create time, $7 expire time
insert into invitation (
  id, customer_id, email, role, secret_sha256, state, create_time, expire_time
)
values ($1, $2, $3, $4, $5, 'OPEN', $6, $7)
