-- Keeps a new signing key, which signs from now on.
-- $1 kid, $2 purpose, $3 generation, $4 public key, $5 sealed private key, $6 create time
insert into signing_key
  (kid, purpose, generation, state, public_key, sealed_private_key, create_time)
values ($1, $2, $3, 'ACTIVE', $4, $5, $6)
