-- An edition issues licenses by its current revision, and none once it is retired. It is asked when a
-- license is issued, not when one is taken over. Holds the edition until the transaction ends, so
-- that it cannot change meanwhile.
create function require_issuing_edition() returns trigger language plpgsql as $$
declare
  issued_by bigint;
  current_revision bigint;
  is_retired boolean;
begin
  select l.edition_revision, e.revision, e.retired into issued_by, current_revision, is_retired
  from license l
  join edition e on e.product_id = l.product_id and e.id = l.edition_id
  where l.id = new.license_id
  for share of e;
  if found and (is_retired or issued_by <> current_revision) then
    raise exception 'the edition does not issue licenses by this revision';
  end if;
  return new;
end $$;
create trigger license_issuing_edition before insert on license_revision
  for each row when (new.action = 'ISSUE') execute function require_issuing_edition();
