import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

/** A provider's discovery document and keys over HTTP, and whatever tokens a test wants signed. */
export interface SomeProvider extends AsyncDisposable {
  readonly issuer: string;
  /** How often each path was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  /** What the discovery document says besides, or instead. */
  metadata: Readonly<Record<string, unknown>>;
  /** Whether it answers with 503. */
  away: boolean;
  /** Signs with a key of this id from now on, and publishes the old ones as well. */
  rotate(kid: string): Promise<void>;
  sign(claims?: JWTPayload, options?: SignOptions): Promise<string>;
}

/** How a token differs from a good one. */
export interface SignOptions {
  readonly header?: Readonly<Record<string, unknown>>;
  /** What it is signed with instead of the provider's key. */
  readonly key?: Parameters<SignJWT["sign"]>[0];
}

export const AUDIENCE = "urn:leasehold:test";

export async function startSomeProvider(alg = "ES256"): Promise<SomeProvider> {
  const asked = new Map<string, number>();
  const published: JWK[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const body = path === "/keys" ? { keys: published } : { ...document(), ...provider.metadata };
    response.writeHead(provider.away ? 503 : 200).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const document = () => ({ issuer, jwks_uri: `${issuer}/keys` });
  let current: { readonly kid: string; readonly key: SignOptions["key"] };
  const provider: SomeProvider = {
    issuer,
    asked,
    metadata: {},
    away: false,
    async rotate(kid) {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      published.push({ ...(await exportJWK(publicKey)), kid, alg });
      current = { kid, key: privateKey };
    },
    sign: (claims = {}, { header = {}, key = current.key } = {}) =>
      new SignJWT({ iss: issuer, aud: AUDIENCE, sub: "ada", exp: 2_000_000_000, ...claims })
        .setProtectedHeader({ alg, typ: "at+jwt", kid: current.kid, ...header })
        .sign(key!),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  await provider.rotate("first");
  return provider;
}
