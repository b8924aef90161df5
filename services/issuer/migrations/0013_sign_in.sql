-- People may sign in with a provider on the issuer's own machine, which needs no transport security:
-- that is how development and tests do it.
alter table account_identity
  drop constraint account_identity_issuer_check,
  add constraint account_identity_issuer_check check (
    issuer ~ '^(https://[!-~]{1,192}|http://(127\.0\.0\.1|\[::1\]|localhost)([:/][!-~]{0,180})?)$'
  );
