import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, Provider } from "oidc-provider";
import { DEVICE_DONE, devicePage, LOGIN_PATH, loginPages } from "./login-pages.ts";
import { People } from "./people.ts";

/** How a provider is set up. */
export interface IdentityProviderOptions {
  /** The `aud` of its access tokens. */
  readonly audience: string;
  /** Where it listens on 127.0.0.1; a free port unless told. */
  readonly port?: number;
  /** How long access tokens live, in seconds; 600 unless told. */
  readonly accessTokenSeconds?: number;
}

/** A provider of OpenID Connect that lets in whoever tells it an email address. */
export interface IdentityProvider extends AsyncDisposable {
  /** The `iss` of its tokens: `http://127.0.0.1:port`. */
  readonly issuer: string;
  readonly audience: string;
  /** A public client: code with PKCE, device flow and refresh tokens. */
  readonly clientId: string;
}

const CLIENT_ID = "leasehold-cli";
/** Where codes are sent; nobody listens there. */
export const REDIRECT_URI = "http://127.0.0.1/callback";
const SCOPES = "openid email profile";

const CLIENT = {
  client_id: CLIENT_ID,
  client_name: "Leasehold",
  token_endpoint_auth_method: "none",
  grant_types: [
    "authorization_code",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
  ],
  redirect_uris: [REDIRECT_URI],
} as const;

/** Starts a provider in this process, on loopback. What it knows is gone when it is let go. */
export async function startIdentityProvider({
  audience,
  port = 0,
  accessTokenSeconds = 600,
}: IdentityProviderOptions): Promise<IdentityProvider> {
  const server = createServer();
  const issuer = await listen(server, port);
  const people = new People();
  const settings = configuration({ audience, accessTokenSeconds, people });
  const provider = quietly(() => new Provider(issuer, settings));
  const pages = loginPages(provider, people);
  const callback = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith(LOGIN_PATH)) void pages(request, response);
    else void callback(request, response);
  });
  return {
    issuer,
    audience,
    clientId: CLIENT_ID,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Setup {
  readonly audience: string;
  readonly accessTokenSeconds: number;
  readonly people: People;
}

function configuration(setup: Setup): Configuration {
  const { accessTokenSeconds, people } = setup;
  return {
    clients: [{ ...CLIENT, grant_types: [...CLIENT.grant_types], redirect_uris: [REDIRECT_URI] }],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(24).toString("hex")] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    scopes: SCOPES.split(" "),
    features: features(setup),
    findAccount: (_, subject) => people.account(subject),
    extraTokenClaims: (_, token) =>
      "accountId" in token ? people.claims(token.accountId) : undefined,
    issueRefreshToken: () => true,
    interactions: { url: (_, { uid }) => LOGIN_PATH + uid },
    loadExistingGrant: (context) => grantOf(context, setup),
    ttl: {
      AccessToken: accessTokenSeconds,
      IdToken: accessTokenSeconds,
      DeviceCode: 600,
      Session: 3_600,
      Grant: 86_400,
      Interaction: 600,
      RefreshToken: 86_400,
    },
  };
}

function features({ audience, accessTokenSeconds }: Setup): Configuration["features"] {
  const resource = {
    scope: "",
    audience,
    accessTokenFormat: "jwt",
    accessTokenTTL: accessTokenSeconds,
    jwt: { sign: { alg: "RS256" } },
  } as const;
  return {
    devInteractions: { enabled: false },
    deviceFlow: {
      enabled: true,
      userCodeConfirmSource: (context, form, _client, _device, code) => {
        context.body = devicePage(form, code);
      },
      successSource: (context) => {
        context.body = DEVICE_DONE;
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => resource,
      useGrantedResource: () => true,
    },
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const jwk = privateKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(String(jwk.n)).digest("base64url").slice(0, 16);
  return { ...jwk, kid, alg: "RS256", use: "sig" };
}

/** Whoever signs in here agrees to everything. */
async function grantOf(
  { oidc }: Parameters<NonNullable<Configuration["loadExistingGrant"]>>[0],
  { audience }: Setup,
) {
  const clientId = oidc.client?.clientId ?? "";
  const { accountId } = oidc.session ?? {};
  const grant = new oidc.provider.Grant({ clientId, ...(accountId && { accountId }) });
  grant.addOIDCScope(SCOPES);
  grant.addResourceScope(audience, "");
  await grant.save();
  return grant;
}

/** The library warns of what is right for development: no transport security, memory as its store. */
function quietly<Made>(make: () => Made): Made {
  const { warn, info } = console;
  Object.assign(console, { warn: () => {}, info: () => {} });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}
