import { type Clock, isProblem } from "@leasehold/kernel";
import { decodeJwt, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from "jose";
import { credentialsRefused } from "./auth-problems.ts";
import type { IdentityProvider, PersonClaims } from "./identity-providers.ts";
import type { SignedIn } from "./principal.ts";
import { providerKeys } from "./provider-keys.ts";

/**
 * Verifies an access token.
 * @throws Problem `UNAUTHENTICATED` over a token that does not count, `DEPENDENCY_UNAVAILABLE` if
 *   its provider would have to be asked and does not answer
 */
export type VerifyAccessToken = (token: string) => Promise<SignedIn>;

/** Signatures with public keys only: whoever verifies can never sign. */
const ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
/** What clocks may differ by, in seconds. */
const CLOCK_TOLERANCE = 30;
const LONGEST_TOKEN = 8_192;
/** RFC 9068, and providers from before it. */
const TYPES: ReadonlySet<string> = new Set(["", "jwt", "at+jwt", "application/at+jwt"]);
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

interface Trusted extends IdentityProvider {
  readonly keys: JWTVerifyGetKey;
}

/** Verifies access tokens (JWTs) of these providers. */
export function accessTokenVerifier(
  providers: readonly IdentityProvider[],
  clock: Pick<Clock, "now">,
): VerifyAccessToken {
  const trusted = new Map(
    providers.map((provider): [string, Trusted] => [
      provider.issuer,
      { ...provider, keys: providerKeys(provider.issuer, clock) },
    ]),
  );
  return async (token) => {
    const provider = trusted.get(issuerOf(token) ?? "");
    if (!provider) throw credentialsRefused();
    try {
      return signedIn(await verifiedClaims(token, provider, clock.now()), provider);
    } catch (thrown) {
      if (isProblem(thrown)) throw thrown;
      throw credentialsRefused();
    }
  };
}

/** Whom the token says to be from, unverified: it only tells by whose keys to verify it. */
function issuerOf(token: string): string | undefined {
  if (token.length > LONGEST_TOKEN || !token.split(".").every(isCanonical)) return undefined;
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Libraries read several spellings of the same bytes: a token has one. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, "base64url").toString("base64url") === part;
}

async function verifiedClaims(token: string, from: Trusted, now: number): Promise<JWTPayload> {
  const { payload, protectedHeader } = await jwtVerify(token, from.keys, {
    algorithms: ALGORITHMS,
    issuer: from.issuer,
    audience: from.audience,
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(now),
    requiredClaims: ["sub", "exp"],
  });
  if (!TYPES.has((protectedHeader.typ ?? "").toLowerCase())) throw credentialsRefused();
  // Bound to a key of which there is no proof here: perhaps stolen.
  if (payload["cnf"] !== undefined) throw credentialsRefused();
  return payload;
}

function signedIn(payload: JWTPayload, { issuer, claims, vouchesForEmail }: Trusted): SignedIn {
  const subject: unknown = payload.sub;
  if (typeof subject !== "string" || !SUBJECT.test(subject)) throw credentialsRefused();
  const told = (claim: keyof PersonClaims): unknown => payload[claims[claim]];
  const email = textOf(told("email"));
  const verified = told("emailVerified");
  return {
    issuer,
    subject,
    email,
    // Some providers write claims as texts.
    emailVerified:
      email !== undefined && (vouchesForEmail || verified === true || verified === "true"),
    displayName: textOf(told("displayName")),
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === "string" && claim !== "" ? claim : undefined;
}
