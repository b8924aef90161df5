import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { approveDevice, signIn } from "./sign-in.ts";

const ADA = { email: "ada@acme.example", name: "Ada Lovelace" };

let provider: IdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider({ audience: "urn:leasehold:test" });
});
afterAll(() => provider[Symbol.asyncDispose]());

function post(path: string, form: Record<string, string>): Promise<Response> {
  return fetch(provider.issuer + path, { method: "POST", body: new URLSearchParams(form) });
}

test("whoever signs in gets a JWT for the audience that tells who they are", async () => {
  const { accessToken, refreshToken, idToken } = await signIn(provider, ADA);
  expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: "RS256", typ: "at+jwt" });
  const claims = decodeJwt(accessToken);
  expect(claims).toMatchObject({
    iss: provider.issuer,
    aud: "urn:leasehold:test",
    email: "ada@acme.example",
    email_verified: true,
    name: "Ada Lovelace",
  });
  expect(decodeJwt(idToken)).toMatchObject({ aud: provider.clientId, sub: claims.sub });
  expect(refreshToken).not.toBe("");
});

test("the same address is the same person, and nobody vouches for it unless they should", async () => {
  const [first, second] = [
    await signIn(provider, ADA),
    await signIn(provider, { ...ADA, emailVerified: false }),
  ].map(({ accessToken }) => decodeJwt(accessToken));
  expect(second?.sub).toBe(first?.sub);
  expect(second).toMatchObject({ email_verified: false });
});

test("a device gets its token once a person has let it on, and refreshes it", async () => {
  const { clientId: client_id, audience: resource } = provider;
  const asked = await post("/device/auth", { client_id, scope: "openid email profile", resource });
  const device = (await asked.json()) as Record<string, string>;
  const grant = {
    client_id,
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: device["device_code"]!,
  };
  expect(await (await post("/token", grant)).json()).toMatchObject({
    error: "authorization_pending",
  });
  await approveDevice(device["verification_uri_complete"]!, ADA);
  const given = (await (await post("/token", grant)).json()) as Record<string, string>;
  expect(decodeJwt(given["access_token"]!)).toMatchObject({ email: ADA.email, aud: resource });
  const refresh = {
    client_id,
    grant_type: "refresh_token",
    refresh_token: given["refresh_token"]!,
  };
  const renewed = (await (await post("/token", refresh)).json()) as Record<string, string>;
  expect(decodeJwt(renewed["access_token"]!)).toMatchObject({ email: ADA.email, aud: resource });
});

test("whoever does not say who they are is not let in", async () => {
  await expect(signIn(provider, { email: "nobody" })).rejects.toThrow(/answers with 400/);
});
