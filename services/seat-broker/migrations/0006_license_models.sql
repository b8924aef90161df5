-- Pools of licenses of every model: whatever it is, at most `seats` are live.
alter table pool drop constraint pool_model_known;
alter table pool add constraint pool_model_known
  check (model in ('FLOATING', 'NAMED_MACHINE', 'NAMED_USER', 'RESOURCE'));
