-- The installations that are barred, of each license that ever had one that was.
select license, barred::text[] as barred, barred_revision
from pool
where barred_revision > 0;
