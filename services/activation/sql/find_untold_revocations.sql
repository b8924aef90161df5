-- Installations that are over, and of which the issuer was not told yet. $1 how many at most.
select id from installation
where state = 'ENDED' and not revocation_told
order by state_time
limit $1::integer
