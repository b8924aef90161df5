-- How many accounts have the role OWNER: 0, 1, or 2 for more.
select count(*)::integer as owners
from (select from administrator_role where role = 'OWNER' limit 2) as counted
