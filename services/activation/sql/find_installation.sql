-- $1 id. None or one row.
select id, license, product, host, create_time from installation where id = $1::uuid
