-- Ends that a key signs, or is believed. Its private half is gone.
-- $1 kid, $2 state, $3 retire time, unless it has one
update signing_key
set state = $2, sealed_private_key = null, retire_time = coalesce(retire_time, $3)
where kid = $1
