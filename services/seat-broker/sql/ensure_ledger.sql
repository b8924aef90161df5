-- Makes sure that a license has a ledger.
-- $1 license
-- No rows.
insert into usage_ledger (license)
values ($1::uuid)
on conflict do nothing;
