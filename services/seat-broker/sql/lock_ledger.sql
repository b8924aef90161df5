-- Takes the ledger of a license for the transaction, unless somebody else has it.
-- $1 license
-- None or one row: epoch and number of the last entry taken over.
select epoch, number
from usage_ledger
where license = $1::uuid
for update skip locked;
