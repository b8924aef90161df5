-- Indexes (those of constraints left out), functions and triggers of the current schema
-- as DDL statements, by kind and name.
select kind, name, ddl
from (
  select 1 as kind, i.relname::text as name, pg_get_indexdef(x.indexrelid) as ddl
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  where i.relnamespace = current_schema()::regnamespace
    and i.relkind = 'i'
    and not exists (select from pg_constraint k where k.conindid = x.indexrelid)
  union all
  select 2, p.proname::text, pg_get_functiondef(p.oid)
  from pg_proc p
  where p.pronamespace = current_schema()::regnamespace and p.prokind in ('f', 'p')
  union all
  select 3, t.tgname::text, pg_get_triggerdef(t.oid)
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
) object
order by kind, name, ddl
