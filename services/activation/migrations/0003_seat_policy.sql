-- Who may have the seats of the license, and how: the contract's SeatPolicy in bytes, as the
-- issuer told it. It is passed on and not read here. No bytes say the same as no policy.
-- From here on a member of `features` may have "seats", a number: how many may use it.
alter table entitlement add column seat_policy bytea not null default '';
alter table entitlement alter column seat_policy drop default;
