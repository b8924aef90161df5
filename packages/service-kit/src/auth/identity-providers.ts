/** A provider of OpenID Connect whose access tokens are accepted. */
export interface IdentityProvider {
  /** The `iss` of its tokens, letter by letter; its keys are discovered from there. */
  readonly issuer: string;
  /** The `aud` that its tokens must name. */
  readonly audience: string;
  /** The public client that command lines sign in as; `undefined` if there is none. */
  readonly clientId: string | undefined;
  /** Which claims of an access token tell of the person. */
  readonly claims: PersonClaims;
  /** Whether it vouches for every email address that it tells, also without saying so each time. */
  readonly vouchesForEmail: boolean;
}

/** Names of claims. */
export interface PersonClaims {
  readonly email: string;
  readonly emailVerified: string;
  readonly displayName: string;
}

const CLAIMS: PersonClaims = {
  email: "email",
  emailVerified: "email_verified",
  displayName: "name",
};

const PROVIDER_URL = /^https?:\/\/[A-Za-z0-9[][!-~]{0,191}$/;
const NOT_IN_PROVIDER_URL = /[@?#\\]/;
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);
const MEMBERS: ReadonlySet<string> = new Set([
  "issuer",
  "audience",
  "client_id",
  "claims",
  "vouches_for_email",
]);

/**
 * Whether a text may be the `iss` of a provider: https without user, query and fragment; http on
 * this machine. At most 200 characters.
 */
export function isProviderUrl(text: string): boolean {
  if (!PROVIDER_URL.test(text) || NOT_IN_PROVIDER_URL.test(text) || text.length > 200) return false;
  return URL.canParse(text) && isSafeUrl(new URL(text));
}

/** Whether what is read from there is what its host has sent: https, or this machine. */
export function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname));
}

/**
 * Reads whom people may sign in with: a JSON array of `{ issuer, audience }`, and if wanted
 * `client_id`, `claims: { email, email_verified, name }`, `vouches_for_email`.
 * @throws Error that names the entry which is wrong
 */
export function parseIdentityProviders(json: string): readonly IdentityProvider[] {
  const entries = parse(json);
  if (!Array.isArray(entries) || entries.length === 0)
    throw new Error("must be a JSON array of at least one entry");
  const providers = entries.map((entry: unknown, index) => {
    const provider = identityProvider(entry);
    if (typeof provider === "string") throw new Error(`entry ${index}: ${provider}`);
    return provider;
  });
  if (new Set(providers.map(({ issuer }) => issuer)).size !== providers.length)
    throw new Error("must name no issuer twice");
  return providers;
}

/** The provider of an entry, or what is wrong with it. */
function identityProvider(entry: unknown): IdentityProvider | string {
  if (!isRecord(entry)) return "must be { issuer, audience }";
  const unknown = Object.keys(entry).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) return "has a member that is not known";
  const { issuer, audience, client_id: clientId, vouches_for_email: vouches = false } = entry;
  if (typeof issuer !== "string" || !isProviderUrl(issuer))
    return "issuer must be an https URL, or http on this machine";
  if (!isText(audience)) return "audience must be a text";
  if (clientId !== undefined && !isText(clientId)) return "client_id must be a text";
  if (typeof vouches !== "boolean") return "vouches_for_email must be true or false";
  const claims = personClaims(entry["claims"] ?? {});
  if (!claims) return "claims must be { email, email_verified, name }, names of claims each";
  return { issuer, audience, clientId, claims, vouchesForEmail: vouches };
}

function personClaims(given: unknown): PersonClaims | undefined {
  if (!isRecord(given)) return undefined;
  const { email, email_verified: emailVerified, name: displayName, ...others } = given;
  if (Object.keys(others).length > 0) return undefined;
  const named = { email, emailVerified, displayName };
  const said = Object.entries(named).filter(([, claim]) => claim !== undefined);
  if (!said.every(([, claim]) => isText(claim))) return undefined;
  return { ...CLAIMS, ...(Object.fromEntries(said) as Partial<PersonClaims>) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 300;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("must be JSON");
  }
}
