-- An installation that is disabled, or over, gets no seat either.
alter table usage_denial drop constraint usage_denial_cause_known;
alter table usage_denial add constraint usage_denial_cause_known check (
  cause in (
    'FULL', 'FEATURE_FULL', 'RESERVED', 'DRAINED', 'HOLDER_EXCLUDED', 'FEATURE_NOT_LICENSED',
    'VERSION_NOT_COVERED', 'INSTALLATION_DISABLED'
  )
);
