-- Keeps the private half of a key that signs as it was sealed anew.
-- $1 kid, $2 sealed private key
update signing_key
set sealed_private_key = $2
where kid = $1 and state = 'ACTIVE'
