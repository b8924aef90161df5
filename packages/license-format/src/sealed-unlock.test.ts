import { CompactEncrypt } from "jose";
import { expect, test } from "vitest";
import { openSealedUnlock, sealPublicKeyOf, sealUnlock } from "./index.ts";
import { sealPublicKey, sealThumbprint } from "./seal-key.ts";
import { SECRET } from "../test/sample-request.ts";

const PRIVATE_KEY = new Uint8Array(32).fill(3);
const OLDER_KEY = new Uint8Array(32).fill(4);
const SEAL_KEY = sealPublicKeyOf(PRIVATE_KEY);
const OWN = {
  publicKeyThumbprint: Buffer.alloc(32, 1).toString("base64url"),
  request: "request-1",
};

test("what is sealed to a deployment opens there, for the request that it is for", async () => {
  const jwe = await sealUnlock(SECRET, OWN, SEAL_KEY);
  expect(await openSealedUnlock(jwe, OWN, [OLDER_KEY, PRIVATE_KEY])).toEqual({
    kind: "opened",
    secret: SECRET,
  });
});

test("nothing of it can be read on the way, and no two are alike", async () => {
  const [one, other] = [
    await sealUnlock(SECRET, OWN, SEAL_KEY),
    await sealUnlock(SECRET, OWN, SEAL_KEY),
  ];
  expect(one).not.toBe(other);
  const told = one
    .split(".")
    .map((part) => Buffer.from(part, "base64url").toString())
    .join("");
  for (const secret of [...SECRET.productKey.split("-"), SECRET.licenseeName])
    expect(told).not.toContain(secret);
});

test.each([
  ["another key's request", { ...OWN, publicKeyThumbprint: "A".repeat(43) }],
  ["another request of the same key", { ...OWN, request: "request-2" }],
])("moved into %s it stays closed", async (_, sealedFor) => {
  const jwe = await sealUnlock(SECRET, OWN, SEAL_KEY);
  expect(await openSealedUnlock(jwe, sealedFor, [PRIVATE_KEY])).toEqual({
    kind: "refused",
    fault: "foreign-seal",
  });
});

test("sealed to another deployment, or to a key that is given up, it stays closed", async () => {
  const jwe = await sealUnlock(SECRET, OWN, SEAL_KEY);
  expect(await openSealedUnlock(jwe, OWN, [OLDER_KEY])).toEqual({
    kind: "refused",
    fault: "unknown-seal-key",
  });
});

test("no bit of it can be changed", async () => {
  const jwe = await sealUnlock(SECRET, OWN, SEAL_KEY);
  for (let at = 0; at < jwe.length; at += 7) {
    const other = jwe[at] === "A" ? "B" : "A";
    const changed = jwe.slice(0, at) + other + jwe.slice(at + 1);
    const opened = await openSealedUnlock(changed, OWN, [PRIVATE_KEY]);
    expect(opened.kind, `changed at ${at}`).toBe("refused");
  }
});

/** A JWE of any header and content to the deployment's key. */
function encrypted(content: string, header: object): Promise<string> {
  const kid = sealThumbprint(SEAL_KEY);
  return new CompactEncrypt(Buffer.from(content))
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", kid, ...header })
    .encrypt(sealPublicKey(SEAL_KEY));
}

test.each<[string, () => Promise<string>]>([
  ["no JWE", () => Promise.resolve("a.b.c.d.e")],
  ["nothing", () => Promise.resolve("")],
  ["too long", () => Promise.resolve("A".repeat(5_000))],
  ["no JSON", () => encrypted("{", {})],
  ["JSON of another shape", () => encrypted("{}", {})],
  ["no text", () => encrypted("\u{fffd}", {})],
  ["encrypted with another cipher", () => encrypted("{}", { enc: "A128GCM" })],
  ["encrypted under a wrapped key", () => encrypted("{}", { alg: "ECDH-ES+A256KW" })],
  ["of no key id", () => encrypted("{}", { kid: undefined })],
  ["of an ephemeral key that is no point", () => spoiltKey()],
])("what is %s stays closed", async (_, make) => {
  expect(await openSealedUnlock(await make(), OWN, [PRIVATE_KEY])).toEqual({
    kind: "refused",
    fault: "seal",
  });
});

async function spoiltKey(): Promise<string> {
  const [header = "", ...rest] = (await sealUnlock(SECRET, OWN, SEAL_KEY)).split(".");
  const written = JSON.parse(Buffer.from(header, "base64url").toString()) as { epk: object };
  const epk = { ...written.epk, x: Buffer.alloc(32).toString("base64url") };
  const spoilt = Buffer.from(JSON.stringify({ ...written, epk })).toString("base64url");
  return [spoilt, ...rest].join(".");
}

test.each([
  ["no name", { licenseeName: "" }],
  ["a name of 201 code points", { licenseeName: "x".repeat(201) }],
  ["a name with a line end", { licenseeOrganization: "Acme\n" }],
  ["a key of 129 characters", { productKey: "2".repeat(129) }],
  ["a key with half a character", { productKey: "\ud800" }],
])("%s is not sealed", async (_, change) => {
  await expect(sealUnlock({ ...SECRET, ...change }, OWN, SEAL_KEY)).rejects.toThrow(RangeError);
});

test("keys of other lengths are refused", () => {
  expect(() => sealPublicKeyOf(new Uint8Array(31))).toThrow(RangeError);
  expect(() => sealPublicKey(new Uint8Array(33))).toThrow(RangeError);
});
