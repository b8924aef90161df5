-- Enters a seat that the vendor is about to be asked for. $1 lease, $2 features, $3 create time. One row.
insert into site_seat (lease, features, create_time) values ($1::bytea, $2::text[], $3::timestamptz)
returning lease
