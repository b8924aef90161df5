-- Services of the version before 0013 still write the application's version beside what they know of the machine,
-- and fail without the column. Nobody reads it: the installation has it. It may leave once no such service can be
-- started any more, by a migration that says `Needs 0014`.
alter table installation_machine
  add column application_version text not null default ''
    check (char_length(application_version) <= 20);
