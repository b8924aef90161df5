-- Names a user who was not named, and keeps who did it. Needs the feed's lock.
-- $1 id, $2 license, $3 user, $4 assign time, $5 subject. One row.
with head as (
  insert into naming (license, revision)
  values ($2, 1)
  on conflict (license) do update set revision = naming.revision + 1
  returning license, revision
),
act as (
  insert into naming_act (license, revision, kind, user_name, subject, act_time)
  select license, revision, 'ASSIGN', $3, $5, $4::timestamptz from head
  returning license
)
insert into named_user (id, license, user_name, assign_time, assigned_by)
select $1::uuid, license, $3, $4::timestamptz, $5 from act
returning id, license, user_name, assign_time, assigned_by
