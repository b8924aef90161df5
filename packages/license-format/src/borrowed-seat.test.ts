import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  type BorrowClaims,
  type BorrowExpectation,
  generateKeyPair,
  signBorrow,
  signingKey,
  signTrustBundle,
  type TokenFault,
  type TrustBundle,
  verifyBorrow,
  verifyTrustBundle,
} from "./index.ts";
import { sampleBorrow } from "../test/sample-borrow.ts";
import {
  forge,
  NOW,
  payloadOf,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

const leaseKey = signingKey("lease", (await generateKeyPair()).privateKey);
let sample: SampleDeployment;
let trust: TrustBundle;
let claims: BorrowClaims;
let token: string;
beforeAll(async () => {
  sample = await sampleDeployment();
  trust = { ...sample.trust, keys: [...sample.trust.keys, leaseKey] };
  claims = sampleBorrow(sample.installation);
  token = await signBorrow(leaseKey, claims);
});

async function verdict(
  borrow: string,
  expected: Partial<BorrowExpectation> = {},
): Promise<TokenFault | "verified"> {
  const verified = await verifyBorrow(borrow, trust, { now: NOW, ...expected });
  return verified.kind === "verified" ? "verified" : verified.fault;
}

/** The borrowed seat with some of its header and claims made otherwise, rightly signed. */
function resigned(changes: object, header: object = {}): Promise<string> {
  const plain = { alg: "EdDSA", kid: leaseKey.kid, typ: "borrow+jwt" };
  return forge(leaseKey, { ...plain, ...header }, { ...payloadOf(token), ...changes });
}

test("a borrowed seat gives its claims back, a fencing token of 64 bits with them", async () => {
  const { product, publicKeyThumbprint } = claims;
  expect(await verifyBorrow(token, trust, { now: NOW, product, publicKeyThumbprint })).toEqual({
    kind: "verified",
    claims,
  });
});

test("a trust bundle carries the key that borrowed seats are verified with", async () => {
  const keys = trust.keys.map(({ kid, purpose, publicKey }) => ({ kid, purpose, publicKey }));
  const bundle = await signTrustBundle(sample.root, { ...trust, keys });
  const read = await verifyTrustBundle(bundle, sample.root.publicKey);
  if (read.kind === "refused") throw new Error(read.fault);
  expect(await verifyBorrow(token, read.claims, { now: NOW })).toMatchObject({ kind: "verified" });
});

test("what a holder tells of itself comes back as it was told", async () => {
  const told = fc
    .string({ unit: "grapheme", maxLength: 200 })
    .filter((text) => Array.from(text).length <= 200);
  await fc.assert(
    fc.asyncProperty(
      fc.record({ user: told, host: told, process: told }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      async (holder, fencingToken) => {
        const borrow = await signBorrow(leaseKey, { ...claims, holder, fencingToken });
        expect(await verifyBorrow(borrow, trust, { now: NOW })).toMatchObject({
          claims: { holder, fencingToken },
        });
      },
    ),
    { numRuns: 50 },
  );
});

test("no character of it can be another one", async () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom(...letters.split("")),
      async (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(await verdict(token.slice(0, at) + letter + token.slice(at + 1))).not.toBe(
          "verified",
        );
      },
    ),
    { numRuns: 300 },
  );
});

test.each<[string, number, TokenFault | "verified"]>([
  ["a millisecond before its end", NOW + 3 * 86_400_000 - 1, "verified"],
  ["at its end", NOW + 3 * 86_400_000, "expired"],
  ["by a clock a minute behind", NOW - 60_000, "verified"],
  ["by a clock more than a minute behind", NOW - 60_001, "not-yet"],
  ["by a clock that tells no time", Number.NaN, "expired"],
])("a borrowed seat is in its time or not: %s", async (_, now, fault) => {
  expect(await verdict(token, { now })).toBe(fault);
});

test("a seat that another installation's key borrowed is refused", async () => {
  const { installKey } = sample;
  expect(await verdict(token, { publicKeyThumbprint: installKey.kid })).toBe("mismatched");
});

test("a seat of another product or deployment is refused", async () => {
  expect(await verdict(token, { product: "products/other" })).toBe("wrong-audience");
  expect(await verdict(await resigned({ iss: "other.example" }))).toBe("wrong-issuer");
});

test("only a key for leases signs, and only one that is trusted for them", async () => {
  const { licenseKey } = sample;
  await expect(signBorrow(licenseKey, claims)).rejects.toThrow(RangeError);
  const posing = await signBorrow({ ...licenseKey, purpose: "lease" }, claims);
  expect(await verdict(posing)).toBe("wrong-purpose");
  const foreign = signingKey("lease", (await generateKeyPair()).privateKey);
  expect(await verdict(await signBorrow(foreign, claims))).toBe("unknown-key");
  expect(await verdict(await signBorrow({ ...foreign, kid: leaseKey.kid }, claims))).toBe(
    "signature",
  );
});

test("a token of another kind is no borrowed seat, and a borrowed seat is none of another", async () => {
  expect(await verdict(sample.tokens.install)).toBe("wrong-type");
  expect(await verdict(await resigned({}, { typ: "lease+jwt" }))).toBe("wrong-type");
  expect(await verdict(await resigned({}, { alg: "none" }))).toBe("algorithm");
  expect(await verdict(await resigned({}, { jwk: {} }))).toBe("malformed");
});

test.each<[string, object]>([
  ["no lease", { lease: undefined }],
  ["a lease id of 31 bytes", { lease: Buffer.alloc(31).toString("base64url") }],
  ["a lease id in hexadecimal digits", { lease: "07".repeat(32) }],
  ["a fencing token that is a number", { fence: 7 }],
  ["a fencing token of 65 bits", { fence: String(2n ** 64n) }],
  ["a fencing token below 0", { fence: "-1" }],
  ["a fencing token with a leading zero", { fence: "07" }],
  ["no seats", { seats: 0 }],
  ["101 seats", { seats: 101 }],
  ["half a seat", { seats: 0.5 }],
  ["a feature twice", { features: ["a", "a"] }],
  ["21 features", { features: Array.from({ length: 21 }, (_, n) => `f${n}`) }],
  ["the feature __proto__", { features: ["__proto__"] }],
  ["no holder", { holder: undefined }],
  ["a user of 201 letters", { holder: { user: "a".repeat(201), host: "", process: "" } }],
  ["a host of half a surrogate pair", { holder: { user: "", host: "\ud800", process: "" } }],
  ["a process that is a number", { holder: { user: "", host: "", process: 7 } }],
  ["an installation that is no resource name", { sub: "me" }],
  ["a license of another collection", { license: "licenses/1" }],
  ["no key that it is bound to", { cnf: undefined }],
  ["a key of 31 bytes that it is bound to", { cnf: { jkt: "A".repeat(42) } }],
  ["an end before its issue", { exp: 1 }],
  ["an end in text", { exp: "1900000000" }],
  ["no id", { jti: undefined }],
])("a borrowed seat with %s is malformed, however well it is signed", async (_, changes) => {
  expect(await verdict(await resigned(changes))).toBe("malformed");
});

test("a borrowed seat that verifiers would refuse is not signed", async () => {
  await expect(signBorrow(leaseKey, { ...claims, seats: 0 })).rejects.toThrow(RangeError);
  await expect(signBorrow(leaseKey, { ...claims, endTime: NOW })).rejects.toThrow(RangeError);
});
