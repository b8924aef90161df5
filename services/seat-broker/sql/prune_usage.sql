-- Deletes what is older than it is kept, up to 1,000 rows of each table that nobody else is deleting.
-- $1 sessions and denials that were over before this  $2 rollups that began before this
-- One row: pruned, how many rows.
with old_sessions as (
  delete from usage_session
  where (license, lease) in (
    select license, lease from usage_session
    where ended_time < $1::timestamptz limit 1000 for update skip locked
  )
  returning 1
),
old_denials as (
  delete from usage_denial
  where (license, lease) in (
    select license, lease from usage_denial
    where last_time < $1::timestamptz limit 1000 for update skip locked
  )
  returning 1
),
old_rollups as (
  delete from usage_rollup
  where (license, feature, start_time) in (
    select license, feature, start_time from usage_rollup
    where start_time < $2::timestamptz limit 1000 for update skip locked
  )
  returning 1
)
select
  (select count(*) from old_sessions) + (select count(*) from old_denials)
  + (select count(*) from old_rollups) as pruned;
