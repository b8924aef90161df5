/*
 * Which file of a folder that `pnpm make-secrets` filled is which key of which Secret in Kubernetes. Whoever takes the secrets from
 * a store of secrets keeps them there under the same keys.
 */

/** Key to file, by the name of the Secret. */
export const SECRET_FILES = {
  "issuer-secrets": {
    "bearer-tokens.json": "issuer-bearer-tokens.json",
    "database-password": "issuer-database-password",
    "key-encryption-key": "key-encryption-key",
    "lease-public-keys": "lease-public-keys",
    pepper: "pepper",
    "trust-root-key": "trust-root-key",
  },
  "first-owner": {
    "bootstrap-token": "bootstrap-token",
  },
  "activation-secrets": {
    "bearer-tokens.json": "activation-bearer-tokens.json",
    "challenge-keys": "challenge-keys",
    "database-password": "activation-database-password",
    "redis-password": "activation-redis-password",
    "seal-keys": "seal-keys",
    "service-token": "activation-service-token",
    "trust-root": "trust-root",
  },
  "seat-broker-secrets": {
    "bearer-tokens.json": "seat-broker-bearer-tokens.json",
    "database-password": "seat-broker-database-password",
    "lease-key": "lease-key",
    "lease-token-keys": "lease-token-keys",
    "redis-password": "seat-broker-redis-password",
    "service-token": "seat-broker-service-token",
    "trust-root": "trust-root",
  },
  "postgres-secrets": {
    "activation-database-password": "activation-database-password",
    "issuer-database-password": "issuer-database-password",
    "postgres-password": "postgres-password",
    "seat-broker-database-password": "seat-broker-database-password",
  },
  "redis-secrets": {
    "replica-password": "replica-password",
    "sentinel-password": "sentinel-password",
    "users.acl": "users.acl",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
