-- Forgets borrowed seats that were free a day ago: had the clock of this database been ahead, nobody
-- would lose a seat by it.
-- No rows.
delete from borrow where free_time < now() - interval '1 day';
