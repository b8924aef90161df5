-- How many resources are bound. What it tells stays true while the feed's lock is held.
-- $1 customer, $2 license. One row: of the license, and of the customer.
select
  count(*) filter (where license = $2) as of_license,
  count(*) as of_customer
from resource
where customer = $1 and license is not null
