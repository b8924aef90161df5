-- The replies of mutations, kept so that a call repeated with its request id has no
-- further effect and gets the first answer. A service takes this into its migrations.
create table request_reply (
  request_id uuid primary key,
  method text not null,
  body_sha256 bytea not null check (length(body_sha256) = 32),
  -- Null only inside the transaction that carries the request out.
  reply bytea,
  expires timestamptz not null default now() + interval '72 hours'
);
create index request_reply_expires on request_reply (expires);
