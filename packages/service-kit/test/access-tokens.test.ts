import { manualClock } from "@leasehold/testkit";
import { exportJWK, generateKeyPair, type JWTPayload } from "jose";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accessTokenVerifier, type VerifyAccessToken } from "../src/auth/access-token-verifier.ts";
import { type IdentityProvider, parseIdentityProviders } from "../src/auth/identity-providers.ts";
import { AUDIENCE, type SomeProvider, startSomeProvider } from "./some-provider.ts";

const START = 1_800_000_000_000;
const SECOND = 1_000;

let clock = manualClock(START);
let provider: SomeProvider;
let verify: VerifyAccessToken;

beforeEach(async () => {
  clock = manualClock(START);
  provider = await startSomeProvider();
  verify = verifying();
});
afterEach(async () => {
  vi.useRealTimers();
  await provider[Symbol.asyncDispose]();
});

function verifying(entry: object = {}): VerifyAccessToken {
  return accessTokenVerifier(trusting(entry), clock);
}

function trusting(entry: object): readonly IdentityProvider[] {
  const issuer = provider.issuer;
  return parseIdentityProviders(JSON.stringify([{ issuer, audience: AUDIENCE, ...entry }]));
}

async function reason(token: Promise<string> | string): Promise<string> {
  try {
    return `let in as ${(await verify(await token)).subject}`;
  } catch (thrown) {
    return (thrown as { readonly reason: string }).reason;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

test("a token tells who its person is", async () => {
  const claims = { email: "ada@acme.example", email_verified: true, name: "Ada Lovelace" };
  expect(await verify(await provider.sign(claims))).toEqual({
    issuer: provider.issuer,
    subject: "ada",
    email: "ada@acme.example",
    emailVerified: true,
    displayName: "Ada Lovelace",
  });
});

test.each([
  ["padded", (token: string) => `${token}==`],
  ["ending in a new line", (token: string) => `${token}\n`],
  ["of other letters", (token: string) => token.replaceAll("-", "+").replaceAll("_", "/") + "+"],
  ["with unused bits set", (token: string) => token.slice(0, -1) + tailOf(token)],
])("a token %s is another spelling, and refused", async (_, spell) => {
  const token = await provider.sign();
  expect(await reason(token)).toBe("let in as ada");
  expect(await reason(spell(token))).toBe("UNAUTHENTICATED");
});

/** Another last letter for the same bytes: of the 64 bytes of a signature it carries two bits. */
function tailOf(token: string): string {
  return String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
}

test.each([
  ["tells no address", { email_verified: true }, {}, { email: undefined, emailVerified: false }],
  ["vouches for none", { email: "a@b.c" }, {}, { email: "a@b.c", emailVerified: false }],
  ["vouches in a text", { email: "a@b.c", email_verified: "true" }, {}, { emailVerified: true }],
  ["writes no text", { email: 7, email_verified: true }, {}, { email: undefined }],
  ["vouches for all", { email: "a@b.c" }, { vouches_for_email: true }, { emailVerified: true }],
  [
    "names claims otherwise",
    { "https://acme/email": "a@b.c" },
    { claims: { email: "https://acme/email" } },
    { email: "a@b.c" },
  ],
])("of a provider that %s", async (_, claims, entry, told) => {
  verify = verifying(entry);
  expect(await verify(await provider.sign(claims as JWTPayload))).toMatchObject(told);
});

test.each([
  ["that is over", { exp: START / SECOND - 31 }, {}],
  ["without an end", { exp: undefined }, {}],
  ["with a number for a subject", { sub: 7 as unknown as string }, {}],
  ["that is not valid yet", { nbf: START / SECOND + 31 }, {}],
  ["for another audience", { aud: "urn:leasehold:other" }, {}],
  ["for no audience", { aud: undefined }, {}],
  ["of another issuer", { iss: "https://id.example" }, {}],
  ["whose issuer ends otherwise", { iss: "SLASH" }, {}],
  ["of no issuer", { iss: undefined }, {}],
  ["of nobody", { sub: undefined }, {}],
  ["of somebody with no name", { sub: "" }, {}],
  ["of somebody who does not print", { sub: "a\u0000" }, {}],
  ["that is bound to a key", { cnf: { jkt: "abc" } }, {}],
  ["with a key that does not exist", {}, { kid: "other" }],
  ["that is of another kind", {}, { typ: "logout+jwt" }],
  ["with an extension that must be understood", {}, { crit: ["exp"] }],
])("a token %s is refused", async (_, claims, header) => {
  const given = { ...claims } as JWTPayload;
  if (given.iss === "SLASH") given.iss = `${provider.issuer}/`;
  const signed = async () => provider.sign(given, { header }).catch(() => "eyJ.unsignable.x");
  expect(await reason(signed())).toBe("UNAUTHENTICATED");
});

test("clocks may differ by half a minute", async () => {
  expect(await reason(provider.sign({ exp: START / SECOND - 29 }))).toBe("let in as ada");
  expect(await reason(provider.sign({ nbf: START / SECOND + 29 }))).toBe("let in as ada");
});

test("nobody is let in by a signature that is not the provider's", async () => {
  const own = await generateKeyPair("ES256", { extractable: true });
  const claims = part({ iss: provider.issuer, aud: AUDIENCE, sub: "eve", exp: 2_000_000_000 });
  const [header = "", body = "", signature = ""] = (await provider.sign()).split(".");
  const published = JSON.stringify(await (await fetch(`${provider.issuer}/keys`)).json());
  const forged = [
    provider.sign({}, { key: own.privateKey }),
    provider.sign({}, { key: own.privateKey, header: { jwk: await exportJWK(own.publicKey) } }),
    provider.sign({}, { key: own.privateKey, header: { jku: "https://evil.example/keys" } }),
    provider.sign(
      {},
      { key: Buffer.from(published), header: { alg: "HS256" } }, // the public key as a secret
    ),
    `${part({ alg: "none", typ: "at+jwt" })}.${claims}.`,
    `${part({ alg: "none", typ: "at+jwt" })}.${claims}.${signature}`,
    `${header}.${claims}.${signature}`,
    `${header}.${body}.`,
    `${header}.${body}.${signature.slice(0, -4)}AAAA`,
    `${header}.${body}`,
    `${header}.${body}.${signature}.${signature}`,
    `${header}.${body}.${"A".repeat(9_000)}`,
    "eyJ.eyJ.eyJ",
    "",
  ];
  for (const token of forged) expect(await reason(token)).toBe("UNAUTHENTICATED");
});

test("of two providers, each vouches for its own people alone", async () => {
  await using other = await startSomeProvider();
  const audience = AUDIENCE;
  const both = [provider, other].map(({ issuer }) => ({ issuer, audience }));
  verify = accessTokenVerifier(parseIdentityProviders(JSON.stringify(both)), clock);
  expect(await reason(other.sign())).toBe("let in as ada");
  expect((await verify(await other.sign())).issuer).toBe(other.issuer);
  expect(await reason(other.sign({ iss: provider.issuer }))).toBe("UNAUTHENTICATED");
});

test("keys are asked for once, however many come together", async () => {
  const token = await provider.sign();
  await Promise.all(Array.from({ length: 20 }, () => verify(token)));
  await verify(token);
  expect(Object.fromEntries(provider.asked)).toEqual({
    "/.well-known/openid-configuration": 1,
    "/keys": 1,
  });
});

test("a new key is found, and tokens with keys that do not exist ask for none", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  await verify(await provider.sign());
  await provider.rotate("second");
  const renewed = await provider.sign();
  // The keys have just been asked for.
  expect(await reason(renewed)).toBe("UNAUTHENTICATED");
  vi.setSystemTime(START + 31 * SECOND);
  expect(await reason(renewed)).toBe("let in as ada");
  for (let n = 0; n < 20; n += 1)
    expect(await reason(provider.sign({}, { header: { kid: `k${n}` } }))).toBe("UNAUTHENTICATED");
  expect(provider.asked.get("/keys")).toBe(2);
});

test("a provider that is away is left alone for a moment, and found again", async () => {
  const token = await provider.sign();
  provider.away = true;
  for (let n = 0; n < 5; n += 1) expect(await reason(token)).toBe("DEPENDENCY_UNAVAILABLE");
  expect(provider.asked.get("/.well-known/openid-configuration")).toBe(1);
  provider.away = false;
  clock.advance(5 * SECOND);
  expect(await reason(token)).toBe("let in as ada");
});

test("who is known by keys that are fresh is known while the provider is away", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  await verify(await provider.sign());
  provider.away = true;
  vi.setSystemTime(START + 14 * 60 * SECOND);
  // Even while somebody asks for keys that do not exist.
  const other = provider.sign({}, { header: { kid: "other" } });
  expect(await reason(other)).toBe("DEPENDENCY_UNAVAILABLE");
  expect(await reason(provider.sign())).toBe("let in as ada");
  vi.setSystemTime(START + 16 * 60 * SECOND);
  expect(await reason(provider.sign())).toBe("DEPENDENCY_UNAVAILABLE");
});

test("keys that moved are found", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  await verify(await provider.sign());
  provider.away = true;
  vi.setSystemTime(START + 16 * 60 * SECOND);
  expect(await reason(provider.sign())).toBe("DEPENDENCY_UNAVAILABLE");
  provider.away = false;
  clock.advance(5 * SECOND);
  expect(await reason(provider.sign())).toBe("let in as ada");
  expect(provider.asked.get("/.well-known/openid-configuration")).toBe(2);
});

test.each([
  ["another issuer", { issuer: "https://id.example" }],
  ["keys without transport security", { jwks_uri: "http://id.example/keys" }],
  ["keys elsewhere than on the web", { jwks_uri: "file:///etc/passwd" }],
  ["no keys", { jwks_uri: undefined }],
])("a provider that tells of %s is none", async (_, metadata) => {
  provider.metadata = metadata;
  expect(await reason(provider.sign())).toBe("DEPENDENCY_UNAVAILABLE");
});
