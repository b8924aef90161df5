import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { LiveCertificate } from "../tls/live-certificate.ts";
import { serviceOf, type TrustScope } from "../tls/service-identity.ts";
import type { ConnectionGuard } from "./connection-guard.ts";

/** What stands behind an entrance with TLS. */
export interface TlsEntranceOptions {
  readonly certificate: LiveCertificate;
  /** Where clients have to be services: within what. */
  readonly clients?: TrustScope | undefined;
  readonly guard: ConnectionGuard;
  readonly openingMs: number;
  /** Takes what HTTP/2 is to be read from. */
  readonly enter: (stream: Socket) => void;
}

/** TLS 1.3 on connections that are handed in, with whatever certificate there is at the time. */
export function tlsEntrance(options: TlsEntranceOptions): (socket: Socket) => void {
  const { certificate, clients, guard, openingMs } = options;
  const server: Server = createServer({
    ...certificate.current.options,
    requestCert: clients !== undefined,
    rejectUnauthorized: clients !== undefined,
    ALPNProtocols: ["h2"],
    handshakeTimeout: 2 * openingMs, // the guard's own comes first
  });
  certificate.onExchange(({ options: exchanged }) => server.setSecureContext(exchanged));
  server.on("secureConnection", (stream) => secured(stream, options));
  server.on("tlsClientError", (error: NodeJS.ErrnoException, stream) => {
    // Whoever went away, or was sent away, did nothing wrong in the handshake.
    if (error.code === "ECONNRESET") stream.destroy();
    else guard.refuse(stream, "handshake", { code: error.code });
  });
  return (socket) => void server.emit("connection", socket);
}

function secured(stream: TLSSocket, { clients, guard, enter }: TlsEntranceOptions): void {
  stream.on("error", () => {}); // it is closed by itself then
  if (stream.alpnProtocol !== "h2") {
    guard.refuse(stream, "protocol");
    return;
  }
  if (clients === undefined) {
    guard.secured(stream);
    enter(stream);
    return;
  }
  const certificate = stream.getPeerX509Certificate();
  // OpenSSL does not look at it again when a session is taken up again.
  if (certificate && Date.now() >= Date.parse(certificate.validTo)) {
    guard.refuse(stream, "handshake", { code: "CERT_HAS_EXPIRED" });
    return;
  }
  const service = certificate && serviceOf(certificate, clients);
  if (service === undefined) {
    guard.refuse(stream, "no-service", { names: certificate?.subjectAltName });
    return;
  }
  guard.secured(stream, service);
  enter(stream);
}
