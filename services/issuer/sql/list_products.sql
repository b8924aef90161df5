-- Every product with its features, in no order.
select *
from product_with_features
