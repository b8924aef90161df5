-- What each table is, for whoever looks into the database without these files.
comment on table installation is
  'Who unlocked a license: one row for each key pair. The same key pair with the same license is the same installation.';
comment on table entitlement is
  'What each license entitles to, as the issuer told it last, and where in the feed of changes it stands.';
comment on table feed is
  'How far the feed of changes goes, and how far the issuer''s was followed. One row, locked until the commit by whoever changes an entitlement, so that a reader who sees one change has missed none before it.';
comment on table trust is
  'The issuer''s newest trust bundle, which lets installations be verified while the issuer is away. At most one row.';
comment on table request_reply is
  'The replies of mutations, kept for 72 hours: a call repeated with its request id has no further effect and gets the first answer.';
comment on table schema_migration is
  'The migrations that were applied, each with the digest of its file.';
