import { expect, test } from "vitest";
import { isProviderUrl, parseIdentityProviders } from "./identity-providers.ts";

const ENTRY = { issuer: "https://id.example", audience: "urn:acme" };

test("a provider is an issuer with an audience, and what else is said of it", () => {
  const [plain, told] = parseIdentityProviders(
    JSON.stringify([
      ENTRY,
      {
        issuer: "https://acme.example/realms/x",
        audience: "leasehold",
        client_id: "cli",
        claims: { email: "mail" },
        vouches_for_email: true,
      },
    ]),
  );
  const claims = { email: "email", emailVerified: "email_verified", displayName: "name" };
  expect(plain).toEqual({ ...ENTRY, clientId: undefined, claims, vouchesForEmail: false });
  expect(told).toMatchObject({
    clientId: "cli",
    claims: { ...claims, email: "mail" },
    vouchesForEmail: true,
  });
});

test.each([
  ["no JSON", "["],
  ["no array", "{}"],
  ["nobody", "[]"],
  ["an entry that is no object", "[7]"],
  ["no audience", JSON.stringify([{ issuer: ENTRY.issuer }])],
  ["an issuer without transport security", JSON.stringify([{ ...ENTRY, issuer: "http://id.ex" }])],
  ["a member that is mistyped", JSON.stringify([{ ...ENTRY, clientId: "cli" }])],
  ["a client that is no text", JSON.stringify([{ ...ENTRY, client_id: 7 }])],
  ["claims that are mistyped", JSON.stringify([{ ...ENTRY, claims: { mail: "x" } }])],
  ["claims that are no texts", JSON.stringify([{ ...ENTRY, claims: { email: 7 } }])],
  ["half a yes", JSON.stringify([{ ...ENTRY, vouches_for_email: "yes" }])],
  ["an issuer twice", JSON.stringify([ENTRY, ENTRY])],
])("a file with %s is refused", (_, json) => {
  expect(() => parseIdentityProviders(json)).toThrow(/must|not known/);
});

test.each([
  ["https://id.example", true],
  ["https://id.example/realms/acme", true],
  ["https://id.example:8443/", true],
  ["http://127.0.0.1:4000", true],
  ["http://localhost/x", true],
  ["http://[::1]:4000", true],
  ["http://id.example", false],
  ["http://127.0.0.1.evil.example", false],
  ["https://user@id.example", false],
  ["https://id.example?x", false],
  ["https://id.example#x", false],
  ["https://id.example\\x", false],
  ["ftp://id.example", false],
  [`https://${"a".repeat(200)}`, false],
])("%s may be a provider: %s", (url, may) => {
  expect(isProviderUrl(url)).toBe(may);
});
