-- One revision of a license of a customer, or no row.
-- $1 license, $2 customer, $3 revision; the current one if null
select r.revision, r.subject, r.why, r.action, r.snapshot
from license_revision r
join license l on l.id = r.license_id
where r.license_id = $1 and l.customer_id = $2 and r.revision = coalesce($3, l.revision)
