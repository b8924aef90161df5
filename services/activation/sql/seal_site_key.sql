-- Keeps a private key as it is sealed now. $1 purpose, $2 kid, $3 sealed private key. None or one row.
update site_key set sealed_private_key = $3::bytea where purpose = $1 and kid = $2
returning purpose
