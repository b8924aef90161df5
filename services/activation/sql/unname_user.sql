-- Takes a user's place back, and keeps who did it. Needs the feed's lock.
-- $1 license, $2 user, $3 now, $4 subject. None or one row: the user, as it was named.
with gone as (
  delete from named_user
  where license = $1 and user_name = $2
  returning id, license, user_name, assign_time, assigned_by
),
head as (
  update naming
  set revision = revision + 1
  where license = (select license from gone)
  returning license, revision
),
act as (
  insert into naming_act (license, revision, kind, user_name, subject, act_time)
  select head.license, head.revision, 'UNASSIGN', $2, $4, $3::timestamptz from head
  returning license
)
select gone.id, gone.license, gone.user_name, gone.assign_time, gone.assigned_by
from gone, act
