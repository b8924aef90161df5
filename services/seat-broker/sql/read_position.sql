-- How far activation's feed was followed.
-- One row: position.
select position from feed_cursor;
