-- One edition of a product, or no row; nobody changes it until the transaction ends, others may hold it too.
-- $1 product, $2 id
select
  product_id, id, revision, display_name, terms::text as terms, term_days, maintenance_days, retired,
  create_time, update_time
from edition
where product_id = $1 and id = $2
for share
