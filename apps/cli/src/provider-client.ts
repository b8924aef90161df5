import { systemClock } from "@leasehold/kernel";
import * as oidc from "openid-client";
import type { Login, LoginProvider } from "./login-file.ts";

const SCOPE = "openid email profile offline_access";
/** Of an access token of which the provider does not say when it is over, in seconds. */
const ASSUMED_SECONDS = 300;
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** What a person does elsewhere, to let this machine sign in. */
export interface DeviceRequest {
  /** Where, with the code in it if the provider can. */
  readonly address: string;
  readonly code: string;
}

/**
 * Signs in by the device flow: tells what is to be done in a browser anywhere, and waits for it.
 * @throws Error that tells why nobody signed in
 */
export async function signInDevice(
  provider: LoginProvider,
  tell: (request: DeviceRequest) => void,
): Promise<Login> {
  const client = await discover(provider);
  const device = await oidc.initiateDeviceAuthorization(client, {
    scope: SCOPE,
    ...targetOf(provider),
  });
  const { verification_uri: plain, verification_uri_complete: whole, user_code: code } = device;
  tell({ address: whole ?? plain, code });
  const tokens = await oidc.pollDeviceAuthorizationGrant(client, device, targetOf(provider));
  return loginOf(provider, tokens);
}

/** The login with a new access token. @throws Error if the provider gives none */
export async function refreshed(login: Login): Promise<Login> {
  const { issuer, clientId, audience, refreshToken } = login;
  if (refreshToken === undefined) throw new Error("the provider gave nothing to renew it with");
  const provider = { issuer, clientId, audience };
  const client = await discover(provider);
  const tokens = await oidc.refreshTokenGrant(client, refreshToken, targetOf(provider));
  return { refreshToken, ...loginOf(provider, tokens) };
}

function discover({ issuer, clientId }: LoginProvider): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const isHere = url.protocol === "http:" && LOOPBACK.has(url.hostname);
  return oidc.discovery(url, clientId, undefined, oidc.None(), {
    execute: isHere ? [oidc.allowInsecureRequests] : [],
  });
}

/** Whom the token is for: as the standard has it, and as some providers have it. */
function targetOf({ audience }: LoginProvider): Record<string, string> {
  return { resource: audience, audience };
}

function loginOf(
  provider: LoginProvider,
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
): Login {
  const seconds = tokens.expiresIn() ?? ASSUMED_SECONDS;
  return {
    ...provider,
    accessToken: tokens.access_token,
    expireTime: systemClock.now() + seconds * 1_000,
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
  };
}
