-- Keeps until when the usage of a license is counted.
-- $1 license  $2 until
-- No rows.
update usage_ledger
set rolled_until = $2::timestamptz
where license = $1::uuid;
