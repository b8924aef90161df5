-- How often installations of a license were moved, and the license's further terms. $1 license.
-- One row; no terms while the issuer's feed has not told of the license.
select
  (select count(*) from installation where license = $1 and successor is not null) as transfers,
  (select passed_terms from entitlement where license = $1) as passed_terms
