-- Keeps what an installation tells of its machine, in place of what it told before.
-- $1 installation, $2 whether it is virtual, $3 version of the application. One row.
insert into installation_machine (installation, virtual, application_version)
values ($1::uuid, $2::boolean, $3)
on conflict (installation) do update set
  virtual = excluded.virtual,
  application_version = excluded.application_version
returning installation
