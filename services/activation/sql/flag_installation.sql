-- Notes a refresh that was refused. $1 id, $2 kind of the conflict, $3 when, $4 host.
-- One row: whether none of this kind was noted before.
update installation set conflict_kind = $2, conflict_time = $3::timestamptz, conflict_host = $4
from (select conflict_kind as kind from installation where id = $1::uuid for update) as before
where id = $1::uuid
returning before.kind is distinct from $2 as is_new
