-- Remembers how far the site's time got, never back. $1 the site's time, $2 the process.
-- None if another process looks after the site by now, or one row.
update site set seen_time = greatest(seen_time, $1::timestamptz)
where process = $2::uuid
returning only_row
