-- The users that licenses of the model NAMED_USER name. Whoever changes them holds the feed's lock: it is
-- a change of what the license entitles to.

create table naming (
  license text primary key references entitlement,
  -- How often its named users changed.
  revision bigint not null check (revision >= 1)
);
comment on table naming is
  'How often the named users of a license changed: one row for each license that ever had one.';

create table named_user (
  id uuid primary key,
  license text not null references naming,
  -- As client applications tell it.
  user_name text not null check (char_length(user_name) between 1 and 200),
  assign_time timestamptz not null,
  -- Who named the user, for example administrator:desk.
  assigned_by text not null check (assigned_by <> ''),
  unique (license, user_name)
);
create index named_user_by_time on named_user (license, assign_time, id);
comment on table named_user is
  'The users that a license names: nobody else may have its seats. As many as it has seats, at most.';

create table naming_act (
  license text not null references naming,
  -- Of the naming, once it was done.
  revision bigint not null check (revision >= 1),
  kind text not null check (kind in ('ASSIGN', 'UNASSIGN')),
  user_name text not null,
  subject text not null check (subject <> ''),
  act_time timestamptz not null,
  primary key (license, revision)
);
comment on table naming_act is
  'Every user that was named or is named no more: who did it, and when. Never changed.';

create function refuse_naming_act_change() returns trigger language plpgsql as $$
begin
  raise exception 'the acts of naming are append-only';
end $$;
create trigger naming_act_append_only before update or delete on naming_act
  for each row execute function refuse_naming_act_change();
