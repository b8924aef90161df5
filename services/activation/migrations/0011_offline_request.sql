-- Request files of machines without a connection: each counts once. A file is a request of one key
-- under an id; what it asked for is done in the transaction that enters it here.
create table offline_request (
  public_key bytea not null check (length(public_key) = 32),
  request_id uuid not null,
  -- Of the signed request: the same id with other content is another request, and refused.
  request_sha256 bytea not null check (length(request_sha256) = 32),
  -- What it got; null from when an installation is entered until its certificates are there.
  installation_id uuid references installation (id) on delete cascade,
  response_file text,
  -- From then on the file is too old to be answered, whether it is known or not.
  expire_time timestamptz not null,
  primary key (public_key, request_id),
  check ((installation_id is null) = (response_file is null))
);
create index offline_request_expire_time on offline_request (expire_time);
comment on table offline_request is
  'The request files of machines without a connection that were answered, with their response files, for as long as they would be accepted: the same file has no further effect and gets the first answer.';
