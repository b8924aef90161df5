-- Counts more, all of them or none: in one statement, so that no two callers have the same room.
-- $1 resource, $2 feature, $3 how many more, $4 the limit, or null for none, $5 time.
-- One row if there was room.
insert into feature_count (resource, feature, count, sequence, update_time)
select $1::uuid, $2::text, $3::bigint, 0, $5::timestamptz
where $4::bigint is null or $3::bigint <= $4::bigint
on conflict (resource, feature) do update set
  count = feature_count.count + excluded.count,
  update_time = excluded.update_time
where $4::bigint is null or feature_count.count + excluded.count <= $4::bigint
returning feature, count, sequence, update_time
