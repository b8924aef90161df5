-- Reads acts of administrators in their order.
-- $1 the number of the last one already read  $2 how many at most
-- Rows: number, license, lease (null unless a seat was taken back), installation, immediate, reason.
select number, license, lease, installation, immediate, reason
from administration_act
where number > $1::bigint
order by number
limit $2::integer;
