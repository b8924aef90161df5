-- Installations that are over, of which certificates may be left: the latest at the front. $1 how many at most.
select id, state_time from installation
where state = 'ENDED' and barred_until > now()
order by state_time desc
limit $1::integer
