-- Lists the licenses that have open sessions.
-- $1 the last one already read; null to begin
-- Up to 500 rows: license.
select license
from pool
where
  ($1::uuid is null or license > $1::uuid)
  and exists (
    select from usage_session as s
    where s.license = pool.license and s.ended_time is null
  )
order by license
limit 500;
