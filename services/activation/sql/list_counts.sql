-- What was counted of a resource, or of one feature of it.
-- $1 resource, $2 feature, or null for all. One row for each feature.
select feature, count, sequence, update_time
from feature_count
where resource = $1::uuid and ($2::text is null or feature = $2::text)
order by feature
