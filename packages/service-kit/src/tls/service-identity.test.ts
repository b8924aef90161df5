import { expect, test } from "vitest";
import { serviceOf } from "./service-identity.ts";

const SCOPE = { trustDomain: "leasehold.local", namespace: "dev" };

function found(subjectAltName: string | undefined, ca = false): string | undefined {
  return serviceOf({ subjectAltName, ca }, SCOPE);
}

test("a certificate with exactly the URI of a service is that service's", () => {
  expect(found("URI:spiffe://leasehold.local/ns/dev/sa/issuer")).toBe("issuer");
  expect(found("DNS:issuer, URI:spiffe://leasehold.local/ns/dev/sa/seat-broker, DNS:x")).toBe(
    "seat-broker",
  );
});

test.each([
  ["no name", undefined],
  ["an empty name", ""],
  ["a DNS name alone", "DNS:issuer"],
  ["another trust domain", "URI:spiffe://leasehold.example/ns/dev/sa/issuer"],
  ["a longer trust domain", "URI:spiffe://leasehold.local.evil.example/ns/dev/sa/issuer"],
  ["another namespace", "URI:spiffe://leasehold.local/ns/prod/sa/issuer"],
  ["no namespace", "URI:spiffe://leasehold.local/sa/issuer"],
  ["a trailing slash", "URI:spiffe://leasehold.local/ns/dev/sa/issuer/"],
  ["a further part", "URI:spiffe://leasehold.local/ns/dev/sa/issuer/x"],
  ["no service", "URI:spiffe://leasehold.local/ns/dev/sa/"],
  ["an empty part", "URI:spiffe://leasehold.local//ns/dev/sa/issuer"],
  ["dots", "URI:spiffe://leasehold.local/ns/dev/sa/../sa/issuer"],
  ["percent encoding", "URI:spiffe://leasehold.local/ns/dev/sa/%69ssuer"],
  ["an encoded slash", "URI:spiffe://leasehold.local/ns%2fdev/sa/issuer"],
  ["upper case", "URI:spiffe://leasehold.local/ns/dev/sa/Issuer"],
  ["an upper-case scheme", "URI:SPIFFE://leasehold.local/ns/dev/sa/issuer"],
  ["another scheme", "URI:https://leasehold.local/ns/dev/sa/issuer"],
  ["a query", "URI:spiffe://leasehold.local/ns/dev/sa/issuer?x"],
  ["a fragment", "URI:spiffe://leasehold.local/ns/dev/sa/issuer#x"],
  ["a port", "URI:spiffe://leasehold.local:443/ns/dev/sa/issuer"],
  ["a user", "URI:spiffe://me@leasehold.local/ns/dev/sa/issuer"],
  ["white space", "URI: spiffe://leasehold.local/ns/dev/sa/issuer"],
  ["the URI as a DNS name", "DNS:spiffe://leasehold.local/ns/dev/sa/issuer"],
  [
    "two URIs",
    "URI:spiffe://leasehold.local/ns/dev/sa/issuer, URI:spiffe://leasehold.local/ns/dev/sa/activation",
  ],
  ["the URI and another one", "URI:spiffe://leasehold.local/ns/dev/sa/issuer, URI:https://x"],
  [
    "the URI hidden within another name",
    'DNS:"x, URI:spiffe://leasehold.local/ns/dev/sa/issuer, DNS:y"',
  ],
])("with %s it is nobody's", (_, names) => {
  expect(found(names)).toBeUndefined();
});

test("an authority's own certificate is no service's", () => {
  expect(found("URI:spiffe://leasehold.local/ns/dev/sa/issuer", true)).toBeUndefined();
});
