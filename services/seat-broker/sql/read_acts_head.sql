-- How many acts of administrators there are.
-- One row: number.
select number from administration_head;
