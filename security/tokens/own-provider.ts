import { type KeyObject, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A provider of OpenID Connect whose keys are at hand: it signs whatever is asked for. */
export interface OwnProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Of its public key, as it publishes it. */
  readonly publicKey: KeyObject;
  /** Signs with RS256. */
  readonly signed: (header: object, payload: object) => string;
}

const KID = "only";

/** Starts it on loopback. */
export async function ownProvider(): Promise<OwnProvider> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: KID, alg: "RS256", use: "sig" }];
  const server = createServer((request, response) => {
    const answer = request.url === "/keys" ? { keys } : { issuer, jwks_uri: `${issuer}/keys` };
    response.writeHead(200).end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    publicKey,
    signed: (header, payload) => {
      const content = [{ alg: "RS256", kid: KID, typ: "at+jwt", ...header }, payload]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      return `${content}.${sign("sha256", Buffer.from(content), privateKey).toString("base64url")}`;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
