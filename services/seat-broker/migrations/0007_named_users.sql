-- Whom licenses of the model NAMED_USER name.
alter table pool
  -- {"revision": text of a 64-bit integer, "users": [text]}; null for a license of another model.
  add column naming jsonb,
  -- Its revision once more: how often the named users changed. Of two pools with one revision the one
  -- with more changes is the newer.
  add column naming_revision bigint not null default 0,
  add constraint pool_naming_object check (naming is null or jsonb_typeof(naming) = 'object');
