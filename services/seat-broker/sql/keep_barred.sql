-- Keeps which installations are barred of a license, unless a list as new is kept already.
-- $1 license  $2 installations  $3 revision of the list
-- No rows.
update pool set barred = $2::uuid[], barred_revision = $3::bigint
where license = $1::uuid and barred_revision < $3::bigint;
