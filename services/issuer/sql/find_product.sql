-- One product with its features in their order, or no row.
-- $1 id
select *
from product_with_features
where id = $1
