-- Forgets a seat. $1 lease. None or one row.
delete from site_seat where lease = $1::bytea returning lease
