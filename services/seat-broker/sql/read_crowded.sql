-- Reads for which licenses there may be leases beyond their seats.
-- $1 how many at most
-- Rows: the license.
select license
from pool
where room > seats and room > seats + coalesce((seat_policy ->> 'overdraft')::integer, 0)
order by random()
limit $1::integer;
