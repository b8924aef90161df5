import { status } from "@grpc/grpc-js";
import { Problem } from "@leasehold/kernel";

/** Why what answers at an address does not count as the server. */
type Mistrust = "untrusted" | "expired" | "other-name" | "no-tls";

interface Failure {
  readonly code: number;
  readonly details: string;
}

/** Every failure to connect comes as this text of the transport's, once or twice, with the last error in it. */
const NO_CONNECTION =
  /No connection established\. Last error: (?!.*Last error: )(?:Error[^:]*: )?(.*?)(?:\. Resolution note|\n|$)/s;

/** What Node and OpenSSL say, in the order in which it is looked for. */
const SAID: readonly (readonly [Mistrust, RegExp])[] = [
  ["other-name", /does not match certificate's altnames|is not the certificate of/],
  ["expired", /certificate has expired|certificate is not yet valid/],
  [
    "untrusted",
    /self-signed certificate|unable to get (?:local )?issuer certificate|unable to verify the first certificate|certificate signature failure|certificate not trusted|certificate rejected|unsuitable certificate purpose|invalid CA certificate|certificate revoked|ca md too weak|ee key too small/,
  ],
  [
    "no-tls",
    /wrong version number|packet length too long|alert protocol version|unsupported protocol/,
  ],
];

/** What people read, before the library's own words. */
const TEXT: Readonly<Record<Mistrust, string>> = {
  untrusted: "the server's certificate is not of an authority that is trusted here",
  expired: "the server's certificate is not valid now",
  "other-name": "the server's certificate is for another name",
  "no-tls": "the server does not speak TLS 1.3",
};

/** Longest of the library's words that are passed on. */
const MOST_WORDS = 300;

/**
 * What answers at the address does not prove that it is the server; nothing was sent to it.
 * `undefined` for every other failure.
 */
export function serverUntrusted(failure: Failure): Problem | undefined {
  const unavailable: number = status.UNAVAILABLE;
  if (failure.code !== unavailable) return undefined;
  const last = NO_CONNECTION.exec(failure.details)?.[1];
  const fault = last === undefined ? undefined : SAID.find(([, said]) => said.test(last))?.[0];
  if (last === undefined || fault === undefined) return undefined;
  return new Problem("SERVER_UNTRUSTED", {
    message: `${TEXT[fault]}: ${last.replaceAll(/\s+/g, " ").trim().slice(0, MOST_WORDS)}`,
    metadata: { fault },
    cause: failure,
  });
}
