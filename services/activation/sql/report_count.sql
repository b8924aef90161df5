-- Takes a report in place of what counted before, unless one with a sequence as great counts.
-- $1 resource, $2 feature, $3 count, $4 sequence, $5 time. One row if it was taken.
insert into feature_count (resource, feature, count, sequence, update_time)
values ($1::uuid, $2, $3::bigint, $4::bigint, $5::timestamptz)
on conflict (resource, feature) do update set
  count = excluded.count,
  sequence = excluded.sequence,
  update_time = excluded.update_time
where feature_count.sequence < excluded.sequence
returning feature, count, sequence, update_time
