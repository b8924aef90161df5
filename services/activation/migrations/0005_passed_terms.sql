-- Further terms of a license: the contract's LicenseTerms in bytes, with those alone that have no column, as
-- the issuer told them. They are passed on and not read here.
alter table entitlement add column passed_terms bytea not null default '';
alter table entitlement alter column passed_terms drop default;
alter table entitlement drop constraint entitlement_model_check;
alter table entitlement add constraint entitlement_model_check
  check (model in ('FLOATING', 'NAMED_MACHINE', 'NAMED_USER', 'RESOURCE'));
