-- Which of these features of a product a license or an edition names, in the order given.
-- $1 product, $2 codes
select asked.code
from unnest($2::text[]) with ordinality as asked (code, place)
where
  exists (select from license_feature f where f.product_id = $1 and f.code = asked.code)
  or exists (select from edition_feature f where f.product_id = $1 and f.code = asked.code)
order by asked.place
