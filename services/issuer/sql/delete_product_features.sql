-- Removes the features of a product that are left out. One that a license or an edition names is
-- refused.
-- $1 product, $2 the codes that stay
delete from product_feature
where product_id = $1 and code <> all($2::text[])
