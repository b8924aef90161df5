-- A product key, sealed; null if it is not kept.
-- $1 id
select sealed_key
from product_key
where id = $1
