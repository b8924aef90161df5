-- Finds a license whose ledger lost entries, and its open sessions, the oldest 5,000.
-- None or one row: license, open.
select
  license,
  array(
    select lease
    from usage_session
    where usage_session.license = usage_ledger.license and ended_time is null
    order by granted_time
    limit 5000
  ) as open
from usage_ledger
where uncertain
limit 1;
