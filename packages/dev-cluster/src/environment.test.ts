import { expect, test } from "vitest";
import { type ClusterParts, environmentOf } from "./environment.ts";

const PARTS: ClusterParts = {
  deployment: "dev.leasehold.local",
  secrets: {
    adminToken: "secret",
    adminTokenFile: "/s/admin",
    powerlessToken: "secret",
    bootstrapToken: "secret",
    bootstrapTokenFile: "/s/boot",
    trustRoot: "ab".repeat(32),
    trustRootKeyFile: "/s/root",
    keyEncryptionKeyFile: "/s/kek",
    pepperFile: "/s/pepper",
    challengeKeysFile: "/s/challenge",
    leaseTokenKeysFile: "/s/lease",
    leaseKeyFile: "/s/sign",
    leasePublicKeysFile: "/s/public",
    sealKeysFile: "/s/seal",
    bearerTokensFiles: { issuer: "/s/bi", activation: "/s/ba", "seat-broker": "/s/bs" },
    serviceTokenFiles: { activation: "/s/ta", "seat-broker": "/s/ts" },
  },
  stores: {
    REDIS_URL: "redis://127.0.0.1:1/3",
    DATABASE_URL: "postgres://a@h/a",
    DATABASE_PASSWORD_FILE: "/s/da",
  },
  addresses: { issuer: "127.0.0.1:7401", activation: "127.0.0.1:7402" },
  options: {},
};

test("a service gets its own secrets and database, and nobody else's", () => {
  const { PATH: _, ...environment } = environmentOf("activation", PARTS);
  expect(environment).toEqual({
    ACTIVATION_DEPLOYMENT: "dev.leasehold.local",
    ACTIVATION_BEARER_TOKENS_FILE: "/s/ba",
    ACTIVATION_DATABASE_URL: "postgres://a@h/a",
    ACTIVATION_DATABASE_PASSWORD_FILE: "/s/da",
    ACTIVATION_CONNECTIONS_PER_ADDRESS: "20000",
    ACTIVATION_REFLECTION: "on",
    ACTIVATION_DRAIN: "1s",
    ACTIVATION_ISSUER_ADDRESS: "127.0.0.1:7401",
    ACTIVATION_SERVICE_TOKEN_FILE: "/s/ta",
    ACTIVATION_SEAL_KEYS_FILE: "/s/seal",
    ACTIVATION_TRUST_ROOT: "ab".repeat(32),
    ACTIVATION_REDIS_URL: "redis://127.0.0.1:1/3",
    ACTIVATION_CHALLENGE_KEYS_FILE: "/s/challenge",
    ACTIVATION_UNLOCK_TRIES_PER_NETWORK: "100000/1m",
    ACTIVATION_UNLOCK_FAILURES_PER_NETWORK: "10000/1m",
  });
});

test("with certificates, services prove themselves by them, and have no bearer secrets", () => {
  const transport = { SERVICE_CERTIFICATE_FILE: "/s/certificate" };
  for (const kind of ["activation", "seat-broker"] as const) {
    const environment = environmentOf(kind, { ...PARTS, transport });
    const prefix = kind === "activation" ? "ACTIVATION" : "SEAT_BROKER";
    expect(environment).toHaveProperty(`${prefix}_SERVICE_CERTIFICATE_FILE`, "/s/certificate");
    expect(environment).not.toHaveProperty(`${prefix}_SERVICE_TOKEN_FILE`);
  }
});

test("the issuer gets the public half of the seat-brokers' key, and not the private one", () => {
  const environment = environmentOf("issuer", PARTS);
  expect(environment).toHaveProperty("ISSUER_LEASE_PUBLIC_KEYS_FILE", "/s/public");
  expect(Object.values(environment)).not.toContain("/s/sign");
});

test("people sign in with whom every service is told of, and register by themselves", () => {
  const parts = { ...PARTS, identityProvidersFile: "/s/idp" };
  expect(environmentOf("issuer", parts)).toMatchObject({
    ISSUER_IDENTITY_PROVIDERS_FILE: "/s/idp",
    ISSUER_SELF_REGISTRATION: "on",
  });
  expect(environmentOf("seat-broker", parts)).toMatchObject({
    SEAT_BROKER_IDENTITY_PROVIDERS_FILE: "/s/idp",
    SEAT_BROKER_ISSUER_ADDRESS: "127.0.0.1:7401",
  });
  expect(environmentOf("issuer", PARTS)).not.toHaveProperty("ISSUER_SELF_REGISTRATION");
});

test("every call is sampled where traces are exported, and no setting is named otherwise", () => {
  const traced = environmentOf("issuer", {
    ...PARTS,
    options: { otlpEndpoint: "http://127.0.0.1:4318" },
  });
  expect(traced).toMatchObject({
    ISSUER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    ISSUER_TRACE_SAMPLE: "1",
  });
  expect(
    Object.keys(environmentOf("issuer", PARTS)).filter((name) => /OTLP|TRACE/.test(name)),
  ).toEqual([]);
});

test("the fence goes to seat-brokers, and further settings go over the cluster's own", () => {
  const options = {
    fence: "500ms",
    environment: { "seat-broker": { SEAT_BROKER_REFLECTION: "off" } },
  };
  expect(environmentOf("seat-broker", { ...PARTS, options })).toMatchObject({
    SEAT_BROKER_FENCE: "500ms",
    SEAT_BROKER_REFLECTION: "off",
  });
  expect(environmentOf("issuer", { ...PARTS, options })).not.toHaveProperty("ISSUER_FENCE");
});
