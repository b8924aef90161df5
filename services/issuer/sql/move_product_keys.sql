-- Lets all product keys of a license go along to another one, those that are revoked among them: in
-- one statement, as a key and the one that replaced it are never of two licenses.
-- $1 license, $2 the other one
update product_key set license_id = $2 where license_id = $1
