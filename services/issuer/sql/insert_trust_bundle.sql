-- Keeps a new trust bundle.
-- $1 version, $2 token, $3 create time
insert into trust_bundle (version, token, create_time)
values ($1, $2, $3)
