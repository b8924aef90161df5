import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  generateKeyPair,
  signInstallation,
  signingKey,
  signLicense,
  type TokenFault,
  verifyInstallation,
  verifyLicense,
} from "./index.ts";
import { CLOCK_LEEWAY } from "./validity.ts";
import {
  forge,
  LICENSE,
  NOW,
  payloadOf,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

let sample: SampleDeployment;
beforeAll(async () => {
  sample = await sampleDeployment();
});

const expected = { product: LICENSE.product, now: NOW };

async function verdict(token: string): Promise<TokenFault | "verified"> {
  const verified = await verifyLicense(token, sample.trust, expected);
  return verified.kind === "verified" ? "verified" : verified.fault;
}

/** A license token with some of its header and claims made otherwise, rightly signed. */
function resigned(header: object, claims: object = {}): Promise<string> {
  const { licenseKey, tokens } = sample;
  const plain = { alg: "EdDSA", kid: licenseKey.kid, typ: "license+jwt" };
  return forge(licenseKey, { ...plain, ...header }, { ...payloadOf(tokens.license), ...claims });
}

describe("a certificate as it was signed", () => {
  test("gives the claims of a license back", async () => {
    const verified = await verifyLicense(sample.tokens.license, sample.trust, expected);
    expect(verified).toEqual({ kind: "verified", claims: sample.license });
  });

  test("gives the claims of an installation back", async () => {
    const verified = await verifyInstallation(sample.tokens.install, sample.trust, { now: NOW });
    expect(verified).toEqual({ kind: "verified", claims: sample.installation });
  });

  test("gives back an installation without a fingerprint", async () => {
    const { fingerprint: _, ...claims } = sample.installation;
    const token = await signInstallation(sample.installKey, claims);
    const verified = await verifyInstallation(token, sample.trust, expected);
    expect(verified).toEqual({ kind: "verified", claims });
  });

  test("has its times cut to whole seconds, so that nothing lasts longer than asked", async () => {
    const token = await signLicense(sample.licenseKey, {
      ...LICENSE,
      refreshBy: LICENSE.refreshBy + 999,
    });
    expect(await verifyLicense(token, sample.trust, expected)).toMatchObject({
      claims: { refreshBy: LICENSE.refreshBy },
    });
  });

  test("is accepted under the newer name of its algorithm", async () => {
    expect(await verdict(await resigned({ alg: "Ed25519" }))).toBe("verified");
  });

  test("of before some terms were told tells of none", async () => {
    const { model, seats, startTime, endTime } = terms() as Record<string, unknown>;
    const features = [{ feature: "dataflow" }, { feature: "diagrams", limit: 40 }];
    const older = { model, seats, startTime, endTime, features };
    const token = await resigned({}, { terms: older });
    const verified = await verifyLicense(token, sample.trust, expected);
    expect(verified.kind === "verified" && verified.claims.terms).toEqual({
      model: LICENSE.terms.model,
      seats: LICENSE.terms.seats,
      startTime: LICENSE.terms.startTime,
      endTime: LICENSE.terms.endTime,
      features,
    });
  });

  test.each(["FLOATING", "NAMED_MACHINE", "NAMED_USER", "RESOURCE"])(
    "may be of the model %s",
    async (model) => {
      expect(await verdict(await resigned({}, { terms: { ...terms(), model } }))).toBe("verified");
    },
  );

  test("may claim more than this reader knows", async () => {
    expect(await verdict(await resigned({}, { covered_versions: "5.x" }))).toBe("verified");
  });
});

describe("a certificate is refused", () => {
  test.each<[string, object | string, TokenFault]>([
    ["no algorithm", { alg: "none" }, "algorithm"],
    ["an algorithm in other letters", { alg: "eddsa" }, "algorithm"],
    ["ES256", { alg: "ES256" }, "algorithm"],
    ["an embedded key", { jwk: { kty: "OKP", crv: "Ed25519", x: "AA" } }, "malformed"],
    ["a link to a key", { jku: "https://example.com/jwks" }, "malformed"],
    ["a certificate chain", { x5c: [] }, "malformed"],
    ["a critical extension", { crit: ["b64"] }, "malformed"],
    ["an unencoded payload", { b64: false, crit: ["b64"] }, "malformed"],
    ["the type of an installation", { typ: "install+jwt" }, "wrong-type"],
    ["a type in other letters", { typ: "LICENSE+JWT" }, "wrong-type"],
    ["a type that is no text", { typ: ["license+jwt"] }, "malformed"],
    ["no type", { typ: undefined }, "malformed"],
    ["no key id", { kid: undefined }, "malformed"],
    ["an unknown key id", { kid: "A".repeat(43) }, "unknown-key"],
  ])("with %s in its header", async (_, header, fault) => {
    expect(await verdict(await resigned(header as object))).toBe(fault);
  });

  test("without a signature, under the algorithm none", async () => {
    const [, payload] = sample.tokens.license.split(".");
    const header = Buffer.from(
      JSON.stringify({ alg: "none", kid: sample.licenseKey.kid, typ: "license+jwt" }),
    );
    expect(await verdict(`${header.toString("base64url")}.${payload}.`)).toBe("malformed");
  });

  test("with an HMAC under the public key, in the length of a signature", async () => {
    const mac = {
      sign: (bytes: Uint8Array) =>
        Promise.resolve(createHmac("sha512", sample.licenseKey.publicKey).update(bytes).digest()),
    };
    const header = { alg: "HS256", kid: sample.licenseKey.kid, typ: "license+jwt" };
    const payload = payloadOf(sample.tokens.license);
    expect(await verdict(await forge(mac, header, payload))).toBe("algorithm");
    expect(await verdict(await forge(mac, { ...header, alg: "EdDSA" }, payload))).toBe("signature");
  });

  test("signed by a foreign key, under its own id or a trusted one", async () => {
    const foreign = signingKey("license", (await generateKeyPair()).privateKey);
    const token = await signLicense(foreign, LICENSE);
    expect(await verdict(token)).toBe("unknown-key");
    const posing = { ...foreign, kid: sample.licenseKey.kid };
    expect(await verdict(await signLicense(posing, LICENSE))).toBe("signature");
  });

  test("signed by a key that is trusted for another purpose", async () => {
    const { installKey } = sample;
    await expect(signLicense(installKey, LICENSE)).rejects.toThrow(RangeError);
    const token = await signLicense({ ...installKey, purpose: "license" }, LICENSE);
    expect(await verdict(token)).toBe("wrong-purpose");
  });

  test("where one of another kind is asked for", async () => {
    expect(await verdict(sample.tokens.install)).toBe("wrong-type");
    expect(await verdict(sample.tokens.trust)).toBe("wrong-type");
  });

  test("for another product, or of another deployment", async () => {
    expect(await verdict(await resigned({}, { aud: "products/other" }))).toBe("wrong-audience");
    expect(await verdict(await resigned({}, { iss: "other.example" }))).toBe("wrong-issuer");
  });

  test.each<[string, number, TokenFault | "verified"]>([
    ["at its refresh deadline", LICENSE.refreshBy, "expired"],
    ["a millisecond before its refresh deadline", LICENSE.refreshBy - 1, "verified"],
    ["by a clock that is behind within the leeway", NOW - CLOCK_LEEWAY, "verified"],
    ["by a clock that is behind beyond the leeway", NOW - CLOCK_LEEWAY - 1, "not-yet"],
    ["by a clock that tells no time", Number.NaN, "expired"],
  ])("or not, %s", async (_, now, fault) => {
    const verified = await verifyLicense(sample.tokens.license, sample.trust, { now });
    expect(verified.kind === "verified" ? "verified" : verified.fault).toBe(fault);
  });

  test.each<[string, object]>([
    ["two audiences", { aud: [LICENSE.product, "products/other"] }],
    ["no audience", { aud: undefined }],
    ["a list of one audience", { aud: [LICENSE.product] }],
    ["a deadline in text", { exp: "1900000000" }],
    ["a deadline in fractions", { exp: NOW / 1000 + 0.5 }],
    ["a deadline beyond all time", { exp: 1e300 }],
    ["a deadline before its issue", { exp: 1 }],
    ["no id", { jti: undefined }],
    ["a revision of 0", { revision: 0 }],
    ["a license name of another collection", { sub: "licenses/1" }],
    ["a licensee of two lines", { licensee: { name: "Ada\nSeats: 9", organization: "O" } }],
    ["a licensee of 201 letters", { licensee: { name: "a".repeat(201), organization: "O" } }],
    ["no terms", { terms: null }],
    ["seats −1", { terms: { ...terms(), seats: -1 } }],
    ["seats 1,000,001", { terms: { ...terms(), seats: 1_000_001 } }],
    ["seats in text", { terms: { ...terms(), seats: "3" } }],
    ["an end before the start", { terms: { ...terms(), endTime: 1 } }],
    ["another model", { terms: { ...terms(), model: "UNLIMITED" } }],
    ["the feature __proto__", { terms: { ...terms(), features: [{ feature: "__proto__" }] } }],
    ["a feature twice", { terms: { ...terms(), features: [{ feature: "a" }, { feature: "a" }] } }],
    ["a limit below 0", { terms: { ...terms(), features: [{ feature: "a", limit: -1 }] } }],
    ["feature seats below 0", { terms: { ...terms(), features: [{ feature: "a", seats: -1 }] } }],
    [
      "feature seats above a million",
      { terms: { ...terms(), features: [{ feature: "a", seats: 1_000_001 }] } },
    ],
    ["offline days below 0", { terms: { ...terms(), offlineDays: -1 } }],
    ["offline days above a year", { terms: { ...terms(), offlineDays: 366 } }],
    ["a trial of false", { terms: { ...terms(), trial: false } }],
    ["maintenance in text", { terms: { ...terms(), maintenanceEndTime: "2030" } }],
    ["a version that is none", { terms: { ...terms(), versions: { oldest: "v3" } } }],
    ["versions in text", { terms: { ...terms(), versions: "3-4" } }],
    ["virtual machines below 1", { terms: { ...terms(), virtualMachines: 0 } }],
    ["virtual machines of another word", { terms: { ...terms(), virtualMachines: "ALLOW" } }],
    ["features that are no list", { terms: { ...terms(), features: { length: 1 } } }],
  ])("with %s claimed, however well it is signed", async (_, claims) => {
    expect(await verdict(await resigned({}, claims))).toBe("malformed");
  });

  test.each<[string, string]>([
    ["null", "null"],
    ["a list", "[]"],
    ["no JSON", "{"],
    ["a byte order mark before the JSON", "\ufeff{}"],
    ["nests 10,000 deep", "[".repeat(10_000)],
  ])("with a payload that is %s", async (_, payload) => {
    const header = { alg: "EdDSA", kid: sample.licenseKey.kid, typ: "license+jwt" };
    expect(await verdict(await forge(sample.licenseKey, header, payload))).toBe("malformed");
  });

  test.each<[string, (plain: string) => string]>([
    ["a member twice", (plain) => plain.replace("{", '{"alg":"none",')],
    ["white space", (plain) => plain.replace(":", ": ")],
    ["escapes", (plain) => plain.replace("EdDSA", "\\u0045dDSA")],
  ])("with %s in the text of its header", async (_, respell) => {
    const { licenseKey, tokens } = sample;
    const plain = JSON.stringify({ alg: "EdDSA", kid: licenseKey.kid, typ: "license+jwt" });
    const payload = payloadOf(tokens.license);
    expect(await verdict(await forge(licenseKey, plain, payload))).toBe("verified");
    expect(await verdict(await forge(licenseKey, respell(plain), payload))).toBe("malformed");
  });
});

describe("signing refuses what verifiers would", () => {
  test.each<[string, object]>([
    ["a product that is no resource name", { product: "atlas" }],
    ["an id with spaces", { id: "a b" }],
    ["a deadline in the second of its issue", { refreshBy: LICENSE.issuedAt + 999 }],
    ["a time that is no number", { issuedAt: Number.NaN }],
    ["a licensee of half a surrogate pair", { licensee: { name: "\ud800", organization: "O" } }],
  ])("%s", async (_, claims) => {
    await expect(signLicense(sample.licenseKey, { ...LICENSE, ...claims })).rejects.toThrow(
      RangeError,
    );
  });

  test.each<[string, object]>([
    ["a component called __proto__", { components: { ["__proto__"]: "AAAA" } }],
    ["33 components", { components: components(33) }],
    ["a digest that is no base64url", { components: { "machine-id": "?" } }],
    ["an empty salt", { salt: "" }],
  ])("%s", async (_, fault) => {
    const fingerprint = { ...sample.installation.fingerprint!, ...fault };
    const claims = { ...sample.installation, fingerprint };
    await expect(signInstallation(sample.installKey, claims)).rejects.toThrow(RangeError);
  });
});

function terms(): object {
  const { startTime, endTime, maintenanceEndTime = 0 } = LICENSE.terms;
  const [start, end, maintenance] = [startTime, endTime, maintenanceEndTime].map((ms) => ms / 1000);
  return { ...LICENSE.terms, startTime: start, endTime: end, maintenanceEndTime: maintenance };
}

function components(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, "AAAA"]));
}
