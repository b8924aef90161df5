import { expect, test } from "vitest";
import { defineConfig } from "../config/config.ts";
import { flag, secretFile } from "../config/fields.ts";
import { optional } from "../config/field.ts";
import { loadConfig } from "../config/load-config.ts";
import { transportFields, transportGaps } from "./transport-fields.ts";

const schema = defineConfig("SAMPLE", {
  plaintext: flag({ doc: "", default: "off" }),
  serviceToken: optional(secretFile({ doc: "" })),
  ...transportFields(),
});

const SERVICE = {
  SAMPLE_SERVICE_CERTIFICATE_FILE: "/c",
  SAMPLE_SERVICE_KEY_FILE: "/k",
  SAMPLE_SERVICE_AUTHORITIES_FILE: "/a",
  SAMPLE_TRUST_DOMAIN: "leasehold.local",
  SAMPLE_TRUST_NAMESPACE: "dev",
};

function gaps(env: Readonly<Record<string, string>>): readonly string[] {
  return transportGaps(loadConfig(schema, env, () => "secret"));
}

test("a service without certificates needs its bearer secret", () => {
  expect(gaps({})).toEqual(["serviceToken"]);
  expect(gaps({ SAMPLE_SERVICE_TOKEN_FILE: "/t" })).toEqual([]);
});

test("with all that makes a certificate it needs none", () => {
  expect(gaps(SERVICE)).toEqual([]);
  expect(gaps({ ...SERVICE, SAMPLE_INTERNAL_LISTEN: "127.0.0.1:7501" })).toEqual([]);
});

test("a listener for services needs everything that they prove themselves with", () => {
  const env = { SAMPLE_SERVICE_TOKEN_FILE: "/t", SAMPLE_INTERNAL_LISTEN: "127.0.0.1:7501" };
  expect(gaps(env)).toEqual([
    "serviceCertificateFile",
    "serviceKeyFile",
    "serviceAuthoritiesFile",
    "trustDomain",
    "trustNamespace",
  ]);
});

test("what goes together is missed", () => {
  const token = { SAMPLE_SERVICE_TOKEN_FILE: "/t" };
  expect(gaps({ ...token, SAMPLE_TLS_CERTIFICATE_FILE: "/c" })).toEqual(["tlsKeyFile"]);
  const { SAMPLE_TRUST_DOMAIN: _, ...partly } = SERVICE;
  expect(gaps(partly)).toEqual(["trustDomain"]);
});

test.each(["Leasehold.local", "leasehold.local/", "spiffe://x", "-x", "x ", "x%2f"])(
  "%s is no trust domain",
  (domain) => {
    expect(() => gaps({ ...SERVICE, SAMPLE_TRUST_DOMAIN: domain })).toThrow("SAMPLE_TRUST_DOMAIN");
  },
);
