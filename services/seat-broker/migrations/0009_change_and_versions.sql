-- How a change of a license reaches those who work under it, and which versions it and its product are for.
alter table pool
  add column change_policy text not null default 'LIVE',
  -- {} for a license from before there were rules: every version.
  add column versions jsonb not null default '{}',
  -- 0: the product told nothing yet.
  add column product_revision bigint not null default 0,
  add constraint pool_change_policy_known check (change_policy in ('LIVE', 'RESTART_REQUIRED')),
  add constraint pool_versions_object check (jsonb_typeof(versions) = 'object'),
  add constraint pool_product_revision_told check (product_revision >= 0);

-- Whose version is not covered gets no seat either.
alter table usage_denial drop constraint usage_denial_cause_known;
alter table usage_denial add constraint usage_denial_cause_known check (
  cause in (
    'FULL', 'FEATURE_FULL', 'RESERVED', 'DRAINED', 'HOLDER_EXCLUDED', 'FEATURE_NOT_LICENSED',
    'VERSION_NOT_COVERED'
  )
);
