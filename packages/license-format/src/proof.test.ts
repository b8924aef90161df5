import { beforeAll, expect, test } from "vitest";
import {
  generateKeyPair,
  signingKey,
  signProof,
  thumbprint,
  type TokenFault,
  verifyProof,
} from "./index.ts";
import { MAX_PROOF_LIFETIME } from "./proof.ts";
import { CLOCK_LEEWAY } from "./validity.ts";
import {
  forge,
  NOW,
  payloadOf,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

const AUDIENCE = "dev.leasehold.local/leasehold.seatbroker.v1.SeatBrokerService";
const END = NOW + MAX_PROOF_LIFETIME;

let sample: SampleDeployment;
let claims: Omit<Parameters<typeof signProof>[0], "privateKey">;
let token: string;
beforeAll(async () => {
  sample = await sampleDeployment();
  claims = {
    installation: sample.installation.installation,
    audience: AUDIENCE,
    issuedAt: NOW,
    expiresAt: END,
    id: "proof-1",
  };
  token = await signProof({ ...claims, privateKey: sample.installationKeys.privateKey });
});

async function verdict(
  proof: string,
  { audience = AUDIENCE, now = NOW } = {},
): Promise<TokenFault | "verified"> {
  const own = sample.installation.publicKeyThumbprint;
  const verified = await verifyProof(proof, own, audience, now);
  return verified.kind === "verified" ? "verified" : verified.fault;
}

/** A proof of other claims, signed with the installation's own key. */
function resigned(changes: object, header: object = {}): Promise<string> {
  const key = signingKey("install", sample.installationKeys.privateKey);
  return forge(
    key,
    { alg: "EdDSA", kid: key.kid, typ: "install-proof+jwt", ...header },
    { ...payloadOf(token), ...changes },
  );
}

test("a proof of the certified key gives its claims back", async () => {
  const own = sample.installation.publicKeyThumbprint;
  expect(await verifyProof(token, own, AUDIENCE, NOW)).toEqual({ kind: "verified", claims });
});

test("a proof of another key is refused, whatever id it goes by", async () => {
  const other = await generateKeyPair();
  expect(await verdict(await signProof({ ...claims, privateKey: other.privateKey }))).toBe(
    "unknown-key",
  );
  const key = signingKey("install", other.privateKey);
  const header = {
    alg: "EdDSA",
    kid: sample.installation.publicKeyThumbprint,
    typ: "install-proof+jwt",
  };
  expect(await verdict(await forge(key, header, payloadOf(token)))).toBe("signature");
  const pub = Buffer.from(other.publicKey).toString("base64url");
  expect(await verdict(await forge(key, header, { ...payloadOf(token), pub }))).toBe("unknown-key");
  expect(await verdict(await resigned({}, { kid: thumbprint(other.publicKey) }))).toBe(
    "unknown-key",
  );
});

test.each<[string, Uint8Array]>([
  ["of all ones, which is no point of the curve", new Uint8Array(32).fill(0xff)],
  ["of all zeros, which is of small order", new Uint8Array(32)],
])("a proof that brings a key %s is refused without ado", async (_, publicKey) => {
  const pub = Buffer.from(publicKey).toString("base64url");
  const kid = thumbprint(publicKey);
  const proof = await resigned({ pub }, { kid });
  expect(await verifyProof(proof, kid, AUDIENCE, NOW)).toEqual({
    kind: "refused",
    fault: "signature",
  });
});

test("a proof for another service, method kind or deployment is refused", async () => {
  expect(await verdict(token, { audience: AUDIENCE.replace("dev", "prod") })).toBe(
    "wrong-audience",
  );
  expect(await verdict(await resigned({ aud: [AUDIENCE] }))).toBe("malformed");
  expect(await verdict(sample.tokens.install)).toBe("wrong-type");
});

test.each<[string, number, TokenFault | "verified"]>([
  ["a millisecond before its end", END - 1, "verified"],
  ["at its end", END, "expired"],
  ["by a clock a minute behind", NOW - CLOCK_LEEWAY, "verified"],
  ["by a clock more than a minute behind", NOW - CLOCK_LEEWAY - 1, "not-yet"],
])("a proof is held in time or not: %s", async (_, now, fault) => {
  expect(await verdict(token, { now })).toBe(fault);
});

test("a proof that claims more than five minutes is refused, and not signed", async () => {
  const exp = END / 1000 + 1;
  expect(await verdict(await resigned({ exp }))).toBe("too-long-lived");
  const { privateKey } = sample.installationKeys;
  await expect(signProof({ ...claims, expiresAt: END + 1, privateKey })).rejects.toThrow(
    RangeError,
  );
});

test.each<[string, object]>([
  ["no key", { pub: undefined }],
  ["a key of 33 bytes", { pub: "A".repeat(44) }],
  ["no id", { jti: undefined }],
  ["an installation that is no resource name", { sub: "me" }],
  ["an end before its issue", { exp: 1 }],
])("a proof with %s is malformed", async (_, changes) => {
  expect(await verdict(await resigned(changes))).toBe("malformed");
});

test("a proof with a key in its header is malformed", async () => {
  expect(await verdict(await resigned({}, { jwk: {} }))).toBe("malformed");
});
