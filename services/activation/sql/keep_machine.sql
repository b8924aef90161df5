-- Keeps what an installation tells of its machine, in place of what it told before.
-- $1 installation, $2 whether it is virtual. One row.
insert into installation_machine (installation, virtual)
values ($1::uuid, $2::boolean)
on conflict (installation) do update set virtual = excluded.virtual
returning installation
