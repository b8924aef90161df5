-- What the product of a license tells whoever works under it: the contract's VersionPolicy in bytes, as the
-- issuer told it, passed on and not read here. Revision 0: it told nothing yet.
alter table entitlement add column product_revision bigint not null default 0;
alter table entitlement add column version_policy bytea not null default '';
alter table entitlement add constraint entitlement_product_revision_check check (product_revision >= 0);
