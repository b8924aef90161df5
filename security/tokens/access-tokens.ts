import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { accessTokenVerifier } from "@leasehold/service-kit";
import type { Forged } from "./faults.ts";
import { type OwnProvider, ownProvider } from "./own-provider.ts";
import type { Secret } from "./secrets.ts";
import { NOW } from "./subject.ts";

const AUDIENCE = "urn:leasehold:security";
const SECONDS = NOW / 1_000;

/** Claims that make a token unfit, though the provider signed it. */
const unfitClaims = (issuer: string): Readonly<Record<string, object>> => ({
  expired: { exp: SECONDS - 60 },
  withoutEnd: { exp: undefined },
  notYetValid: { nbf: SECONDS + 600 },
  otherAudience: { aud: "urn:leasehold:other" },
  manyAudiences: { aud: ["urn:leasehold:other"] },
  noAudience: { aud: undefined },
  otherIssuer: { iss: `${issuer}/` },
  issuerList: { iss: [issuer] },
  noSubject: { sub: undefined },
  emptySubject: { sub: "" },
  longSubject: { sub: "a".repeat(256) },
  subjectWithNewline: { sub: "ada\nadmin" },
  boundToKey: { cnf: { jkt: "A".repeat(43) } },
  subjectNumber: { sub: 7 },
});

/** Headers that make a token unfit, though the provider signed it. */
const UNFIT_HEADERS: Readonly<Record<string, object>> = {
  idToken: { typ: "id+jwt" },
  logoutToken: { typ: "logout+jwt" },
  licenseToken: { typ: "license+jwt" },
  crit: { crit: ["exp"] },
  unencoded: { b64: false, crit: ["b64"] },
  otherAlgorithm: { alg: "PS256" },
  algNone: { alg: "none" },
  unknownKey: { kid: "other" },
};

/** Access tokens of people, of a provider that is trusted. */
export async function accessTokens(): Promise<Secret & AsyncDisposable> {
  const provider = await ownProvider();
  const { issuer } = provider;
  const claims = { email: "email", emailVerified: "email_verified", displayName: "name" };
  const trusted = {
    issuer,
    audience: AUDIENCE,
    clientId: undefined,
    claims,
    vouchesForEmail: false,
  };
  const verify = accessTokenVerifier([trusted], { now: () => NOW });
  const exp = SECONDS + 600;
  const payload = { iss: issuer, aud: AUDIENCE, sub: "ada", exp, email: "ada@example.com" };
  const genuine = provider.signed({}, payload);
  return {
    kind: "access token",
    token: genuine,
    forged: [
      ...signedByProvider(provider, payload),
      ...signedByOthers(provider, payload),
      { fault: "padding", token: `${genuine}==` },
      { fault: "newline", token: `${genuine}\n` },
    ],
    accepts: async (told) => {
      try {
        await verify(told);
        return true;
      } catch {
        return false;
      }
    },
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

/** What the provider itself would sign, and nobody believes all the same. */
function signedByProvider({ issuer, signed }: OwnProvider, payload: object): readonly Forged[] {
  return [
    ...Object.entries(unfitClaims(issuer)).map(([fault, members]) => ({
      fault,
      token: signed({}, { ...payload, ...members }),
    })),
    ...Object.entries(UNFIT_HEADERS).map(([fault, header]) => ({
      fault,
      token: signed(header, payload),
    })),
    { fault: "oversized", token: signed({}, { ...payload, more: "x".repeat(9_000) }) },
  ];
}

/** What nobody signed, or somebody else. */
function signedByOthers({ issuer, publicKey }: OwnProvider, payload: object): readonly Forged[] {
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const byStranger = (header: object) => {
    const content = [{ alg: "RS256", typ: "at+jwt", kid: "only", ...header }, payload]
      .map(part)
      .join(".");
    const signature = sign("sha256", Buffer.from(content), stranger.privateKey);
    return `${content}.${signature.toString("base64url")}`;
  };
  const byPublicKey = (secret: string | Buffer) => {
    const content = [{ alg: "HS256", kid: "only", typ: "at+jwt" }, payload].map(part).join(".");
    return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
  };
  const jwk = stranger.publicKey.export({ format: "jwk" });
  const modulus = String(publicKey.export({ format: "jwk" }).n);
  return [
    { fault: "unsigned", token: `${[{ alg: "none" }, payload].map(part).join(".")}.` },
    { fault: "hs256OfPem", token: byPublicKey(publicKey.export({ format: "pem", type: "spki" })) },
    { fault: "hs256OfModulus", token: byPublicKey(modulus) },
    { fault: "forgersKey", token: byStranger({}) },
    { fault: "embeddedKey", token: byStranger({ jwk }) },
    { fault: "keyFromUrl", token: byStranger({ jku: `${issuer}/evil` }) },
  ];
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
