-- Keeps a new signing key.
-- $1 kid, $2 purpose, $3 public key, $4 sealed private key, $5 create time
insert into signing_key (kid, purpose, public_key, sealed_private_key, create_time)
values ($1, $2, $3, $4, $5)
