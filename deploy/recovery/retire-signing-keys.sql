-- For the issuer's database, when the key-encryption key is lost and no issuer runs (docs/operations/backup.md). The private
-- halves of the keys that sign cannot be opened any more. As with a rotation, they sign no more and what they signed is
-- believed for two more rotations; the next issuer to start makes new ones. Not if somebody else may have them: revoke then.
update signing_key
set state = 'RETIRED', sealed_private_key = null, retire_time = date_trunc('milliseconds', now())
where state = 'ACTIVE';
