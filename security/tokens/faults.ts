import { createHmac } from "node:crypto";
import { generateKeyPair, signingKey } from "@leasehold/license-format";
import { base64url, type Parts, partsOf, type Signs, signed } from "./compact.ts";
import type { Subject, Subjects } from "./subject.ts";

/** What a forger has to work with. */
interface Forgery extends Parts {
  readonly subject: Subject;
  readonly keys: Subjects["keys"];
  /** Of the forger's own. */
  readonly forger: Signs;
  /** Another genuine token of the deployment. */
  readonly other: Subject;
  /** The header with other members in it, signed by the genuine key. */
  readonly resigned: (members: object) => Promise<string>;
  /** Any header text, signed by the genuine key. */
  readonly withHeader: (header: string) => Promise<string>;
}

type Fault = (forgery: Forgery) => string | Promise<string>;

const NO_SIGNATURE = new Uint8Array(64);
/** The order of the group that Ed25519 signs in, little-endian. */
const GROUP_ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

function hmac(algorithm: string, secret: Uint8Array | string, alg: string): Fault {
  return ({ header, payload }) => {
    const content = `${base64url(JSON.stringify({ ...JSON.parse(header), alg }))}.${base64url(payload)}`;
    return `${content}.${createHmac(algorithm, secret).update(content).digest("base64url")}`;
  };
}

/** The same signature with the group's order added to its scalar: what a careless verifier takes, too. */
function malleable(signature: Uint8Array): Uint8Array {
  const scalar = Buffer.from(signature.toReversed().subarray(0, 32)).toString("hex");
  const sum = (BigInt(`0x${scalar}`) + GROUP_ORDER).toString(16).padStart(64, "0");
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(sum, "hex").toReversed()]);
}

/** The last character of a part with its unused bits set: another spelling of the same bytes. */
function otherTail(part: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const unused = part.length % 4 === 2 ? 15 : part.length % 4 === 3 ? 3 : 0;
  const last = alphabet.indexOf(part.at(-1) ?? "A");
  return unused === 0 ? `${part}A` : part.slice(0, -1) + alphabet.charAt(last ^ (unused & 1 || 1));
}

function spelled(
  token: string,
  change: (parts: [string, string, string]) => readonly string[],
): string {
  return change(token.split(".") as [string, string, string]).join(".");
}

/** Ways to forge a token, by name. None may ever be believed. */
const FAULTS: Readonly<Record<string, Fault>> = {
  algNone: ({ header, payload }) =>
    `${base64url(JSON.stringify({ ...JSON.parse(header), alg: "none" }))}.${base64url(payload)}.`,
  algNoneWithSignature: ({ resigned }) => resigned({ alg: "none" }),
  algHs256: (forgery) => hmac("sha256", forgery.subject.key.publicKey, "HS256")(forgery),
  algHs256OfThumbprint: (forgery) => hmac("sha256", forgery.subject.key.kid, "HS256")(forgery),
  algHs512: (forgery) => hmac("sha512", forgery.subject.key.publicKey, "HS512")(forgery),
  hmacUnderEdDsa: (forgery) => hmac("sha512", forgery.subject.key.publicKey, "EdDSA")(forgery),
  algEs256: ({ resigned }) => resigned({ alg: "ES256" }),
  algLowerCase: ({ resigned }) => resigned({ alg: "eddsa" }),
  algList: ({ resigned }) => resigned({ alg: ["EdDSA"] }),
  noAlg: ({ resigned }) => resigned({ alg: undefined }),
  embeddedKey: ({ header, payload, forger }) => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(forger.publicKey) };
    return signed(forger, JSON.stringify({ ...JSON.parse(header), jwk }), payload);
  },
  keyFromUrl: ({ header, payload, forger }) =>
    signed(forger, JSON.stringify({ ...JSON.parse(header), jku: "https://evil.example" }), payload),
  keyFromCertificate: ({ resigned }) => resigned({ x5c: ["MIIB"] }),
  crit: ({ resigned }) => resigned({ crit: ["exp"], exp: 1 }),
  unencodedPayload: ({ resigned }) => resigned({ b64: false, crit: ["b64"] }),
  extraMember: ({ resigned }) => resigned({ cty: "JWT" }),
  protoMember: ({ header, withHeader }) =>
    withHeader(header.replace(/\}$/, ',"__proto__":{"alg":"none"}}')),
  noKid: ({ resigned }) => resigned({ kid: undefined }),
  kidWithSpace: ({ subject, resigned }) => resigned({ kid: `${subject.key.kid} ` }),
  kidOfNobody: ({ resigned }) => resigned({ kid: "A".repeat(43) }),
  kidProto: ({ resigned }) => resigned({ kid: "__proto__" }),
  kidPath: ({ resigned }) => resigned({ kid: "../../dev/null" }),
  noTyp: ({ resigned }) => resigned({ typ: undefined }),
  typOfAnother: ({ other, resigned }) => resigned({ typ: other.typ }),
  typUpperCase: ({ subject, resigned }) => resigned({ typ: subject.typ.toUpperCase() }),
  typApplication: ({ subject, resigned }) => resigned({ typ: `application/${subject.typ}` }),
  typJwt: ({ resigned }) => resigned({ typ: "JWT" }),
  headerWithSpaces: ({ header, withHeader }) => withHeader(header.replace(":", ": ")),
  headerEscaped: ({ header, withHeader }) => withHeader(header.replace("alg", "\\u0061lg")),
  headerValueEscaped: ({ header, withHeader }) =>
    withHeader(header.replace("EdDSA", "\\u0045dDSA")),
  headerMemberTwice: ({ header, withHeader }) => withHeader(header.replace("{", '{"alg":"none",')),
  headerMemberTwiceLast: ({ header, withHeader }) =>
    withHeader(header.replace(/\}$/, ',"alg":"EdDSA"}')),
  headerWithByteOrderMark: ({ header, withHeader }) => withHeader(`\uFEFF${header}`),
  headerWithNewline: ({ header, withHeader }) => withHeader(`${header}\n`),
  headerList: ({ header, withHeader }) => withHeader(`[${header}]`),
  headerEmpty: ({ withHeader }) => withHeader("{}"),
  headerNull: ({ withHeader }) => withHeader("null"),
  forgersKeyUnderKid: ({ header, payload, forger }) => signed(forger, header, payload),
  forgersKey: ({ header, payload, forger }) =>
    signed(forger, JSON.stringify({ ...JSON.parse(header), kid: forger.kid }), payload),
  keyOfOtherPurpose: ({ header, payload, keys, subject }) => {
    const other =
      Object.values(keys).find(({ purpose }) => purpose !== subject.key.purpose) ?? keys.own;
    return signed(other, JSON.stringify({ ...JSON.parse(header), kid: other.kid }), payload);
  },
  keyOfOtherPurposeUnderKid: ({ header, payload, keys, subject }) => {
    const other =
      Object.values(keys).find(({ purpose }) => purpose !== subject.key.purpose) ?? keys.own;
    return signed(other, header, payload);
  },
  padding: ({ subject }) => `${subject.token}==`,
  paddingOfEachPart: ({ subject }) =>
    subject.token
      .split(".")
      .map((part) => `${part}=`)
      .join("."),
  newlineAfter: ({ subject }) => `${subject.token}\n`,
  newlineInside: ({ subject }) => spelled(subject.token, ([h, p, s]) => [h, `${p}\n`, s]),
  spaceBefore: ({ subject }) => ` ${subject.token}`,
  nulAfter: ({ subject }) => `${subject.token}\0`,
  tabInside: ({ subject }) => spelled(subject.token, ([h, p, s]) => [h, p, `\t${s}`]),
  otherTailOfSignature: ({ subject }) =>
    spelled(subject.token, ([h, p, s]) => [h, p, otherTail(s)]),
  otherTailOfHeader: ({ subject }) => spelled(subject.token, ([h, p, s]) => [otherTail(h), p, s]),
  otherTailOfPayload: ({ subject }) => spelled(subject.token, ([h, p, s]) => [h, otherTail(p), s]),
  plainBase64: ({ header, payload, signature }) =>
    // A signature has such characters all but always; the dots make sure of the rest.
    [header, payload, signature].map((part) => Buffer.from(part).toString("base64")).join(".") +
    "+/",
  bytesAfterSignature: ({ subject, signature }) =>
    spelled(subject.token, ([h, p]) => [h, p, base64url(Buffer.concat([signature, Buffer.of(0)]))]),
  signatureCutOff: ({ subject, signature }) =>
    spelled(subject.token, ([h, p]) => [h, p, base64url(signature.subarray(0, 63))]),
  signatureOfZeroes: ({ subject }) =>
    spelled(subject.token, ([h, p]) => [h, p, base64url(NO_SIGNATURE)]),
  signatureEmpty: ({ subject }) => spelled(subject.token, ([h, p]) => [h, p, ""]),
  signatureMalleable: ({ subject, signature }) =>
    spelled(subject.token, ([h, p]) => [h, p, base64url(malleable(signature))]),
  signatureOfAnother: ({ subject, other }) =>
    spelled(subject.token, ([h, p]) => [h, p, other.token.split(".")[2] ?? ""]),
  payloadOfAnother: ({ subject, other }) =>
    spelled(subject.token, ([h, , s]) => [h, other.token.split(".")[1] ?? "", s]),
  headerOfAnother: ({ subject, other }) =>
    spelled(subject.token, ([, p, s]) => [other.token.split(".")[0] ?? "", p, s]),
  anotherToken: ({ other }) => other.token,
  payloadMemberTwice: ({ subject, payload }) =>
    spelled(subject.token, ([h, , s]) => [
      h,
      base64url(payload.replace("{", '{"exp":9999999999,')),
      s,
    ]),
  payloadWithByteOrderMark: ({ subject, payload }) =>
    spelled(subject.token, ([h, , s]) => [h, base64url(`\uFEFF${payload}`), s]),
  payloadEmpty: ({ header, subject }) => signed(subject.key, header, ""),
  payloadNoObject: ({ header, subject }) => signed(subject.key, header, '"text"'),
  payloadBadUtf8: ({ subject }) => spelled(subject.token, ([h, , s]) => [h, "_-__", s]),
  payloadDeep: ({ header, subject }) =>
    signed(subject.key, header, `${"[".repeat(5_000)}${"]".repeat(5_000)}`),
  fourParts: ({ subject }) => `${subject.token}.${subject.token.split(".")[2]}`,
  twoParts: ({ subject }) => subject.token.slice(0, subject.token.lastIndexOf(".")),
  fiveParts: ({ subject }) => spelled(subject.token, ([h, p, s]) => [h, "", p, "", s]),
  jsonForm: ({ subject }) =>
    JSON.stringify(
      spelled(subject.token, ([protectedHeader, payload, signature]) => [
        JSON.stringify({ protected: protectedHeader, payload, signature }),
      ]),
    ),
  detached: ({ subject }) => spelled(subject.token, ([h, , s]) => [h, "", s]),
  oversized: ({ header, payload, subject }) =>
    signed(subject.key, header, `${payload.slice(0, -1)},"more":"${"x".repeat(1_100_000)}"}`),
  dots: () => "..",
  empty: () => "",
};

/** One forged token. */
export interface Forged {
  readonly fault: string;
  readonly token: string;
}

/** Every fault there is, done to a token; and every payload of its own that must not be believed. */
export async function forgedOf(
  subject: Subject,
  { all, keys }: Subjects,
): Promise<readonly Forged[]> {
  const forger = signingKey("license", (await generateKeyPair()).privateKey);
  const parts = partsOf(subject.token);
  const others = all.filter(({ typ }) => typ !== subject.typ);
  const withHeader = (header: string) => signed(subject.key, header, parts.payload);
  const forged: Forged[] = [];
  for (const other of others)
    for (const [fault, forge] of Object.entries(FAULTS)) {
      const resigned = (members: object) =>
        withHeader(JSON.stringify({ ...(JSON.parse(parts.header) as object), ...members }));
      const token = await forge({ ...parts, subject, keys, forger, other, resigned, withHeader });
      forged.push({ fault, token });
    }
  for (const [fault, members] of Object.entries(subject.unfit)) {
    const payload = { ...(JSON.parse(parts.payload) as object), ...members };
    forged.push({ fault, token: await signed(subject.key, parts.header, JSON.stringify(payload)) });
  }
  return forged;
}
