import { createHash, randomBytes } from "node:crypto";
import { type IdentityProvider, REDIRECT_URI } from "./identity-provider.ts";
import type { PersonFacts } from "./people.ts";
import { Visitor } from "./visitor.ts";

/** What a provider gives somebody who signed in. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** What an API must not take for an access token. */
  readonly idToken: string;
}

/** Signs a person in as a browser would: authorization code, with PKCE. */
export async function signIn(
  { issuer, clientId, audience }: IdentityProvider,
  person: PersonFacts,
): Promise<Tokens> {
  const verifier = randomBytes(32).toString("base64url");
  const asked = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: REDIRECT_URI,
    scope: "openid email profile",
    resource: audience,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const visitor = new Visitor();
  const page = await visitor.open(`${issuer}/auth?${asked.toString()}`);
  const { address } = await visitor.send(page, formOf(person), REDIRECT_URI);
  const answer = await fetch(`${issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: clientId,
      grant_type: "authorization_code",
      code: new URL(address).searchParams.get("code") ?? "",
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    }),
  });
  return tokensOf(answer);
}

/** Does in a browser what a device asks a person for: signs in, and lets the device on. */
export async function approveDevice(
  verificationUriComplete: string,
  person: PersonFacts,
): Promise<void> {
  const visitor = new Visitor();
  const code = await visitor.open(verificationUriComplete);
  const confirm = await visitor.send(code, {});
  const login = await visitor.send(confirm, { confirm: "yes" });
  await visitor.send(login, formOf(person));
}

function formOf({ email, name = email, emailVerified = true }: PersonFacts) {
  return { email, name, ...(!emailVerified && { unverified: "yes" }) };
}

async function tokensOf(answer: Response): Promise<Tokens> {
  const given = (await answer.json()) as Readonly<Record<string, string>>;
  if (!answer.ok) throw new Error(`no tokens: ${JSON.stringify(given)}`);
  const { access_token: accessToken = "", refresh_token: refreshToken = "" } = given;
  return { accessToken, refreshToken, idToken: given["id_token"] ?? "" };
}
