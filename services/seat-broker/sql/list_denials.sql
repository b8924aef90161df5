-- Lists denials of a license, the newest at the front.
-- $1 license  $2 user, $3 host, $4 cause, $5 outcome; each null for any
-- $6 first refused then or later, $7 first refused before; null for any
-- $8, $9 first time and lease of the last one already read; nulls to begin  $10 how many
-- Rows: the columns of usage_denial.
select *
from usage_denial
where
  license = $1::uuid
  and ($2::text is null or user_name = $2::text)
  and ($3::text is null or host = $3::text)
  and ($4::text is null or cause = $4::text)
  and ($5::text is null or outcome = $5::text)
  and ($6::timestamptz is null or first_time >= $6::timestamptz)
  and ($7::timestamptz is null or first_time < $7::timestamptz)
  and ($8::timestamptz is null or (first_time, lease) < ($8::timestamptz, $9::uuid))
order by first_time desc, lease desc
limit $10::integer;
