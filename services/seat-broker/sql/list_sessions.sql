-- Lists sessions of a license, the newest at the front.
-- $1 license  $2 user, $3 host, $4 installation, $5 feature, $6 whether open; each null for any
-- $7 that lived then or later, $8 granted before; null for any
-- $9, $10 grant time and lease of the last one already read; nulls to begin  $11 how many
-- Rows: the columns of usage_session.
select *
from usage_session
where
  license = $1::uuid
  and ($2::text is null or user_name = $2::text)
  and ($3::text is null or host = $3::text)
  and ($4::uuid is null or installation = $4::uuid)
  and ($5::text is null or $5::text = any (features))
  and ($6::boolean is null or (ended_time is null) = $6::boolean)
  and ($7::timestamptz is null or ended_time is null or ended_time > $7::timestamptz)
  and ($8::timestamptz is null or granted_time < $8::timestamptz)
  and ($9::timestamptz is null or (granted_time, lease) < ($9::timestamptz, $10::uuid))
order by granted_time desc, lease desc
limit $11::integer;
