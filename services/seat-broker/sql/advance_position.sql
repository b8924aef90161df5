-- Moves the position in activation's feed ahead, never back.
-- $1 position
-- No rows.
update feed_cursor
set position = $1::bigint
where position < $1::bigint;
