-- Takes the ledgers of licenses for the transaction, but for those that somebody else has.
-- $1 licenses
-- Rows: license, epoch and number of the last entry taken over.
select license, epoch, number
from usage_ledger
where license = any ($1::uuid[])
for update skip locked;
