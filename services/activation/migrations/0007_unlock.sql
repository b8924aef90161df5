-- What unlocking needs to know of each machine, and the challenges that were used.

create table installation_machine (
  installation uuid primary key references installation (id) on delete cascade,
  -- Whether it runs on a virtual machine, or did not tell.
  virtual boolean not null,
  -- As it told when it was unlocked last; may be empty.
  application_version text not null check (char_length(application_version) <= 20)
);
comment on table installation_machine is
  'What each installation told of its machine when it was unlocked last.';

create table used_challenge (
  id uuid primary key,
  -- Of the one request that may use it again, because it is the same.
  request_sha256 bytea not null check (length(request_sha256) = 32),
  -- When the challenge itself ends.
  expire_time timestamptz not null
);
create index used_challenge_expire_time on used_challenge (expire_time);
comment on table used_challenge is
  'The challenges that were used, each by one request, until they would not be accepted any more.';
