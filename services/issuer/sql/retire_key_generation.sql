-- Retires a generation of product keys. No row comes back if it was retired before.
-- $1 generation, $2 advice, $3 when
insert into key_generation_retirement (generation, advice, retire_time)
values ($1, $2, $3)
on conflict (generation) do nothing
returning generation
