-- The editions of a product, retired or not, in no order.
-- $1 product
select
  product_id, id, revision, display_name, terms::text as terms, term_days, maintenance_days, retired,
  create_time, update_time
from edition
where product_id = $1
