-- The trust bundle that is kept. None or one row.
select version, token from trust
