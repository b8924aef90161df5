-- The trust bundle of the highest version, or no row.
select version, token
from trust_bundle
order by version desc
limit 1
