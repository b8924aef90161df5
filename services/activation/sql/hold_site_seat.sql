-- Keeps the vendor's answer: the seat is held, or held for longer; never for less.
-- $1 lease, $2 borrow, $3 end time, $4 when it was extended. None if it was forgotten, or one row.
update site_seat
set
  borrow = case when end_time > $3::timestamptz then borrow else $2 end,
  end_time = greatest(end_time, $3::timestamptz),
  extend_time = $4::timestamptz
where lease = $1::bytea
returning lease
