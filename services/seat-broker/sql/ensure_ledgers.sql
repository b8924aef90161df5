-- Makes sure that licenses have ledgers.
-- $1 licenses
-- No rows.
insert into usage_ledger (license)
select license
from unnest($1::uuid[]) as given (license)
-- Nobody waits for another in a circle.
order by license
on conflict do nothing;
