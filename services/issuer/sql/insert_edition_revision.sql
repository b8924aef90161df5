-- Adds a row to an edition's history.
-- $1 product, $2 edition, $3 revision, $4 when, $5 who, $6 what was done, $7 why, $8 the edition
-- since then
insert into edition_revision (product_id, edition_id, revision, at, subject, action, why, snapshot)
values ($1, $2, $3, $4, $5, $6, $7, $8)
