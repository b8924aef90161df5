import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  formatRequestFile,
  generateKeyPair,
  type KeyPair,
  MAX_OFFLINE_REQUEST_AGE,
  MAX_REQUEST_FILE_BYTES,
  OFFLINE_CLOCK_LEEWAY,
  type OfflineRequestClaims,
  openSealedUnlock,
  parseRequestFile,
  sealPublicKeyOf,
  signingKey,
  signOfflineRequest,
  signProof,
  thumbprint,
  verifyOfflineRequest,
} from "./index.ts";
import { forge, LICENSE, NOW, payloadOf } from "../test/sample-deployment.ts";
import { COMMON, REQUEST_ID, SECRET, unlockClaims } from "../test/sample-request.ts";

const SEAL_PRIVATE_KEY = new Uint8Array(32).fill(3);
const INSTALLATION = "installations/0190a000-0000-7000-8000-000000000002";
/** What makes another request one to deactivate. */
const DEACTIVATION = { purpose: "DEACTIVATE", sealed: undefined, sub: INSTALLATION, counter: 0 };
const EXPECTED = { deployment: LICENSE.deployment, now: NOW };

let keys: KeyPair;
let claims: OfflineRequestClaims;
let token: string;
let file: string;
beforeAll(async () => {
  keys = await generateKeyPair();
  claims = await unlockClaims(keys.publicKey, sealPublicKeyOf(SEAL_PRIVATE_KEY));
  token = await signOfflineRequest(claims, keys.privateKey);
  file = formatRequestFile(token);
});

async function fault(request: string, expected: { deployment?: string; now: number } = EXPECTED) {
  const verified = await verifyOfflineRequest(request, expected);
  return verified.kind === "refused" ? verified.fault : verified.kind;
}

/** A request of other claims, signed with the machine's own key. */
function resigned(changes: object, header: object = {}): Promise<string> {
  const key = signingKey("install", keys.privateKey);
  const own = { alg: "EdDSA", kid: key.kid, typ: "actreq+jwt", ...header };
  return forge(key, own, { ...payloadOf(token), ...changes });
}

describe("a request", () => {
  test("gives its claims back, with the key that it proves to have", async () => {
    const { publicKey, privateKey } = keys;
    for (const asked of [
      claims,
      { ...COMMON, purpose: "REFRESH", installation: INSTALLATION } as const,
      { ...COMMON, purpose: "DEACTIVATE", installation: INSTALLATION, counter: 0 } as const,
      {
        ...COMMON,
        purpose: "DEACTIVATE",
        installation: INSTALLATION,
        counter: 2 ** 53 - 1,
        unanswered: REQUEST_ID,
      } as const,
    ])
      expect(
        await verifyOfflineRequest(await signOfflineRequest(asked, privateKey), EXPECTED),
      ).toEqual({ kind: "verified", claims: { ...asked, publicKey } });
  });

  test("to unlock carries name, organization and product key sealed, for itself alone", async () => {
    const verified = await verifyOfflineRequest(token, EXPECTED);
    const sealed =
      verified.kind === "verified" && verified.claims.purpose === "UNLOCK"
        ? verified.claims.sealed
        : "";
    const own = { publicKeyThumbprint: thumbprint(keys.publicKey), request: REQUEST_ID };
    expect(await openSealedUnlock(sealed, own, [SEAL_PRIVATE_KEY])).toEqual({
      kind: "opened",
      secret: SECRET,
    });
  });

  test("is answered for thirty days, and may be a day ahead", async () => {
    const at = (now: number) => fault(token, { ...EXPECTED, now });
    expect(await at(NOW + MAX_OFFLINE_REQUEST_AGE - 1)).toBe("verified");
    expect(await at(NOW + MAX_OFFLINE_REQUEST_AGE)).toBe("expired");
    expect(await at(NOW - OFFLINE_CLOCK_LEEWAY)).toBe("verified");
    expect(await at(NOW - OFFLINE_CLOCK_LEEWAY - 1)).toBe("not-yet");
  });

  test("asks one deployment, and no other answers", async () => {
    expect(await fault(token, { deployment: "other.example", now: NOW })).toBe("wrong-audience");
    expect(await fault(token, { now: NOW })).toBe("verified");
  });

  test("signed with another key than it brings is refused, whatever id it goes by", async () => {
    const other = await generateKeyPair();
    const key = signingKey("install", other.privateKey);
    const header = { alg: "EdDSA", kid: thumbprint(keys.publicKey), typ: "actreq+jwt" };
    expect(await fault(await forge(key, header, payloadOf(token)))).toBe("signature");
    expect(await fault(await forge(key, { ...header, kid: key.kid }, payloadOf(token)))).toBe(
      "unknown-key",
    );
  });

  test("that is another token is refused", async () => {
    const proof = await signProof({
      installation: INSTALLATION,
      audience: "a/b",
      issuedAt: NOW,
      expiresAt: NOW + 60_000,
      id: "p",
      privateKey: keys.privateKey,
    });
    expect(await fault(proof)).toBe("wrong-type");
    expect(await fault(await resigned({}, { alg: "none" }))).toBe("algorithm");
  });

  test.each<[string, object]>([
    ["an id that is no UUID", { jti: "1" }],
    ["no time", { iat: undefined }],
    ["another purpose", { purpose: "TRANSFER" }],
    ["a purpose in small letters", { purpose: "unlock" }],
    ["no product", { product: "atlas" }],
    ["no key", { pub: undefined }],
    ["a host of 201 code points", { host: "x".repeat(201) }],
    ["a host with a line end", { host: "a\nb" }],
    ["half a character", { version: "\ud800" }],
    ["nothing sealed, to unlock", { sealed: undefined }],
    ["something sealed that is too long", { sealed: "A".repeat(4_097) }],
    ["an installation, to unlock", { sub: INSTALLATION }],
    ["something sealed, to refresh", { purpose: "REFRESH", sub: INSTALLATION }],
    ["no installation, to refresh", { purpose: "REFRESH", sealed: undefined }],
    ["no installation, to deactivate", { purpose: "DEACTIVATE", sealed: undefined, counter: 0 }],
    ["no counter, to deactivate", { ...DEACTIVATION, counter: undefined }],
    ["a counter below 0", { ...DEACTIVATION, counter: -1 }],
    ["a counter of 2^53", { ...DEACTIVATION, counter: 2 ** 53 }],
    ["a counter in text", { ...DEACTIVATION, counter: "1" }],
    ["an unanswered refresh that is no UUID", { ...DEACTIVATION, unanswered: "1" }],
    ["a counter, to unlock", { counter: 0 }],
    ["a counter, to refresh", { ...DEACTIVATION, purpose: "REFRESH" }],
    ["evidence of a list", { evidence: [] }],
    ["evidence that is too long", { evidence: { vendor: "x".repeat(201) } }],
    ["a hypervisor bit that is no bit", { evidence: { hypervisorBit: "yes" } }],
    ["a fingerprint without salt", { fingerprint: { components: {} } }],
  ])("with %s is malformed, though it is signed", async (_, changes) => {
    expect(await fault(await resigned(changes))).toBe("malformed");
  });

  test("is not signed if nobody would read it", async () => {
    await expect(
      signOfflineRequest({ ...claims, host: "x".repeat(201) }, keys.privateKey),
    ).rejects.toThrow(RangeError);
  });
});

describe("a request file", () => {
  test("tells a person what it asks for, and neither name nor product key", () => {
    expect(file.slice(0, file.indexOf("-----"))).toBe(
      [
        "# Leasehold request file",
        "# Purpose: UNLOCK",
        `# Request: ${REQUEST_ID}`,
        "# Deployment: dev.leasehold.local",
        "# Product: products/atlas",
        "# Host: mill ☃",
        "# Version: 4.2.0",
        "# Made: 2030-01-15T12:00:00.000Z",
        "",
      ].join("\n"),
    );
    const body = Buffer.from(file.split("-----")[2] ?? "", "base64").toString();
    const parts = body.split(/[."]/).map((part) => Buffer.from(part, "base64url").toString());
    for (const text of [file, body, ...parts]) {
      expect(text).not.toContain(SECRET.productKey);
      expect(text).not.toContain(SECRET.licenseeName);
    }
  });

  test("gives back its request", () => {
    expect(parseRequestFile(file)).toMatchObject({ kind: "parsed", request: token });
    expect(parseRequestFile(`\ufeff${file.replaceAll("\n", "\r\n")}`)).toMatchObject({
      kind: "parsed",
      request: token,
    });
  });

  test.each<[string, (plain: string) => string, string]>([
    ["empty", () => "", "no-block"],
    ["another kind of file", (plain) => plain.replaceAll("REQUEST", "LICENSE"), "no-block"],
    ["doubled", (plain) => plain + plain, "doubled"],
    ["cut off", (plain) => plain.slice(0, -100), "truncated"],
    ["in the middle of a letter", (plain) => `Dear vendor,\n${plain}`, "stray-text"],
    ["with a line lost", (plain) => plain.replace(/(BEGIN.*\n).*\n/, "$1"), "malformed"],
    ["too large", (plain) => `#${" ".repeat(MAX_REQUEST_FILE_BYTES)}\n${plain}`, "too-large"],
  ])("that is %s is refused", (_, spoil, expected) => {
    expect(parseRequestFile(spoil(file))).toEqual({ kind: "refused", fault: expected });
  });

  test("of the largest request fits its size", async () => {
    const wide = "😀".repeat(200);
    const digest = Buffer.alloc(64, 255).toString("base64url");
    const names = Array.from({ length: 32 }, (_, n) => `c${n}`.padEnd(64, "x"));
    const components = Object.fromEntries(names.map((name) => [name, digest]));
    const told = { hypervisor: wide, container: wide, cloud: wide, vendor: wide, model: wide };
    const largest = await signOfflineRequest(
      {
        ...claims,
        host: wide,
        version: wide,
        fingerprint: { salt: digest, components },
        evidence: { ...told, hypervisorBit: true, kubernetesCluster: wide },
      },
      keys.privateKey,
    );
    expect(parseRequestFile(formatRequestFile(largest))).toMatchObject({ request: largest });
  });

  test("is written of nothing but a request", () => {
    expect(() => formatRequestFile("a.b.c")).toThrow(RangeError);
  });

  test("and none of thousands of edited ones verifies", async () => {
    const at = fc.nat({ max: file.length - 1 });
    const edited = fc.oneof(
      fc
        .tuple(at, fc.constantFrom(...Array.from("ABab01+/=-_ \n#")))
        .map(([i, c]) => file.slice(0, i) + c + file.slice(i + 1)),
      fc.tuple(at, fc.nat({ max: 80 })).map(([i, n]) => file.slice(0, i) + file.slice(i + n)),
      fc.tuple(at, at).map(([i, j]) => file.slice(0, i) + file.slice(j)),
    );
    const refused = fc.asyncProperty(edited, async (text) => {
      const parsed = parseRequestFile(text);
      return (
        parsed.kind === "refused" ||
        parsed.request === token ||
        (await fault(parsed.request)) !== "verified"
      );
    });
    expect(await fc.check(refused, { numRuns: 5_000 })).toMatchObject({ failed: false });
  });
});
