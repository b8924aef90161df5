import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** A server of HTTP/2, and how it is reached. */
export interface Endpoint {
  /** `host:port`. */
  readonly address: string;
  /** A PEM bundle of whom its certificate may be signed by; plaintext if absent. */
  readonly authoritiesFile?: string;
}

export function schemeOf({ authoritiesFile }: Endpoint): "http" | "https" {
  return authoritiesFile === undefined ? "http" : "https";
}

/** The only place where the load generator chooses between plaintext and TLS. */
export function openSocket({ address, authoritiesFile }: Endpoint, opened: () => void): Socket {
  const at = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
  const socket =
    authoritiesFile === undefined
      ? connectPlain({ host, port }, opened)
      : connectTls(
          { host, port, ca: readFileSync(authoritiesFile), ALPNProtocols: ["h2"] },
          opened,
        );
  return socket.setNoDelay(true);
}
