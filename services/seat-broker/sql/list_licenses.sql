-- Lists the licenses that there are pools of.
-- $1 the last one already read; null to begin
-- Up to 500 rows: license.
select license
from pool
where $1::uuid is null or license > $1::uuid
order by license
limit 500;
