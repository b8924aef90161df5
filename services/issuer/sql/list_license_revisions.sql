-- Every revision of a license of a customer, in no order.
-- $1 license, $2 customer
select r.revision, r.subject, r.why, r.action, r.snapshot
from license_revision r
join license l on l.id = r.license_id
where r.license_id = $1 and l.customer_id = $2
