-- Removes every feature of a license that this transaction has locked.
-- $1 license
delete from license_feature
where license_id = $1
