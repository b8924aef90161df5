-- Who may have the seats of a license, and how: {"sharing": text, "overdraft": n,
-- "offlineDays": n, "groups": [{"group": text, "users": [text], "hosts": [text],
-- "installations": [text], "reservedSeats": n, "priority": n}], "includeGroups": [text],
-- "excludeGroups": [text]}. Licenses of before have the one that keeps nobody apart.
alter table license add column seat_policy jsonb not null
  default '{
    "sharing": "PER_PROCESS", "overdraft": 0, "offlineDays": 0,
    "groups": [], "includeGroups": [], "excludeGroups": []
  }'
  -- A member that is missing makes null, which a check would let pass.
  constraint license_seat_policy_check check (coalesce(
    seat_policy ->> 'sharing' in ('PER_PROCESS', 'PER_USER', 'PER_DEVICE')
    and (seat_policy ->> 'overdraft')::integer between 0 and 1000000
    and (seat_policy ->> 'offlineDays')::integer between 0 and 365
    and jsonb_array_length(seat_policy -> 'groups') <= 50
    and jsonb_typeof(seat_policy -> 'includeGroups') = 'array'
    and jsonb_typeof(seat_policy -> 'excludeGroups') = 'array',
    false
  ));
alter table license alter column seat_policy drop default;

-- How many seats may use the feature at a time; null if every seat may.
alter table license_feature add column seats integer
  constraint license_feature_seats_check check (seats between 0 and 1000000);

-- A license with its features, as every reader takes it.
create or replace view license_with_features as
select
  l.id, l.customer_id, l.product_id, l.revision, l.state,
  l.licensee_name, l.licensee_organization,
  l.model, l.seats, l.start_time, l.end_time, l.validity_ms, l.grace_ms,
  l.create_time, l.update_time,
  coalesce(
    (
      select jsonb_agg(
        jsonb_build_object('feature', f.code, 'limit', f.feature_limit::text, 'seats', f.seats)
        order by f.position
      )
      from license_feature f
      where f.license_id = l.id
    ),
    '[]'::jsonb
  ) as features,
  l.seat_policy
from license l;
