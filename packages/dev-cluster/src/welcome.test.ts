import { expect, test } from "vitest";
import { welcome, type Welcomed } from "./welcome.ts";

const CLUSTER: Welcomed = {
  deployment: "dev.leasehold.local",
  addresses: {
    issuer: "127.0.0.1:7401",
    activation: "127.0.0.1:7402",
    seatBroker: "127.0.0.1:7403",
    seatBrokers: ["127.0.0.1:7403", "127.0.0.1:7404"],
  },
  metricsUrls: new Map([
    ["issuer", "http://127.0.0.1:9464/metrics"],
    ["seat-broker-2", "http://127.0.0.1:9465/metrics"],
  ]),
  authoritiesFile: "/tmp/it's mine/authorities.pem",
  adminToken: "planted-canary",
  adminTokenFile: "/tmp/it's mine/admin-token",
  trustRoot: "ab".repeat(32),
  identityProvider: undefined,
  owner: undefined,
};

test("the welcome names every address, and the file of the secret but not the secret", () => {
  const text = welcome(CLUSTER);
  const { issuer, activation, seatBrokers } = CLUSTER.addresses;
  for (const fact of [
    issuer,
    activation,
    ...seatBrokers,
    CLUSTER.trustRoot,
    ...CLUSTER.metricsUrls.values(),
  ])
    expect(text).toContain(fact);
  expect(text).not.toContain("planted-canary");
});

test("the ready-made lines stand any path", () => {
  expect(welcome(CLUSTER)).toContain(`$(cat '/tmp/it'\\''s mine/admin-token')`);
  expect(welcome(CLUSTER)).toContain(
    `export LEASEHOLD_TLS_AUTHORITIES_FILE='/tmp/it'\\''s mine/authorities.pem'`,
  );
});
