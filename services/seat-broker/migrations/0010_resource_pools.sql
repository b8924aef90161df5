-- Pools of resources: the id is the resource's, the name too.
alter table pool
  -- Of a resource: the license that it is bound to; empty: to none. Null: the pool is a license's own.
  add column bound_to text,
  drop constraint pool_name_of_license,
  add constraint pool_name_of_id check (
    case
      when bound_to is null then name like 'customers/%/licenses/' || license
      else name like 'customers/%/resources/' || license
    end
  );
