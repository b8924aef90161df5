import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import {
  type Certificate,
  type CertificateAuthority,
  createCertificateAuthority,
} from "@leasehold/dev-certificates";
import { openTransport, type ServeOptions, type Transport } from "@leasehold/service-kit";
import { guardedFolder } from "@leasehold/testkit";
import { recordingLog, type Running, running } from "./running-server.ts";

export const SCOPE = { trustDomain: "leasehold.local", trustNamespace: "test" } as const;

/** A server with certificates, and whoever issues them. */
export interface Secured extends Running {
  readonly authority: CertificateAuthority;
  readonly internalAddress: string;
  /** As what it is known to other services, and knows them; the same for all in a test. */
  readonly transport: Transport;
  /** What was logged of certificates. */
  readonly certificateLog: ReturnType<typeof recordingLog>;
  /** Replaces the public certificate, or what stands in its file. */
  write(name: "server" | "service", certificate: Certificate): Promise<void>;
}

export const uriOf = (
  service: string,
  scope: { readonly [Key in keyof typeof SCOPE]: string } = SCOPE,
) => `spiffe://${scope.trustDomain}/ns/${scope.trustNamespace}/sa/${service}`;

/** A server of the service `issuer`, with both listeners. */
export async function secured(options: Partial<ServeOptions> = {}): Promise<Secured> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("tls"));
  const authority = await createCertificateAuthority();
  const path = (name: string) => join(folder.path, `${name}.pem`);
  const replace = async (name: string, content: string): Promise<void> => {
    await writeFile(`${path(name)}.new`, content);
    await rename(`${path(name)}.new`, path(name));
  };
  const write: Secured["write"] = async (name, { certificate, key }) => {
    await replace(`${name}-key`, key);
    await replace(name, certificate);
  };
  await replace("authorities", authority.authorities);
  await write("server", await authority.issue({ hosts: ["127.0.0.1"] }));
  await write("service", await authority.issue({ uris: [uriOf("issuer")] }));
  const certificateLog = recordingLog();
  const transport = stack.use(
    await openTransport(
      {
        ...SCOPE,
        plaintext: false,
        internalListen: "127.0.0.1:0",
        tlsCertificateFile: path("server"),
        tlsKeyFile: path("server-key"),
        serviceCertificateFile: path("service"),
        serviceKeyFile: path("service-key"),
        serviceAuthoritiesFile: path("authorities"),
        connections: 100,
        connectionsPerAddress: 100,
      },
      certificateLog,
      20,
    ),
  );
  const kit = stack.use(
    await running(
      { internalAddress: "127.0.0.1:0", transport, ...options },
      { authorities: authority.authorities },
    ),
  );
  const letGo = stack.move();
  return {
    ...kit,
    authority,
    internalAddress: kit.server.internalAddress ?? "",
    transport,
    certificateLog,
    write,
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** How a server answers somebody who wants to speak TLS with it. */
export type Reception =
  /** HTTP/2 began. */
  | {
      readonly kind: "received";
      readonly fingerprint: string;
      /** With what to take the TLS session up again. */
      readonly session: Buffer | undefined;
      readonly resumed: boolean;
    }
  /** It did not; `code` is what OpenSSL or the system says, if anything. */
  | { readonly kind: "refused"; readonly code: string | undefined };

/** Knocks once, and leaves. */
export function knock(address: string, options: ConnectionOptions): Promise<Reception> {
  const [host, port] = address.split(":");
  const socket = connectTls({
    host,
    port: Number(port),
    ALPNProtocols: ["h2"],
    checkServerIdentity: () => undefined,
    ...options,
  });
  return new Promise((resolve) => {
    let code: string | undefined;
    socket.on("error", (error: NodeJS.ErrnoException) => (code ??= error.code));
    socket.once("close", () => resolve({ kind: "refused", code }));
    // HTTP/2's first word is the server's.
    socket.once("data", () => {
      const fingerprint = socket.getPeerCertificate().fingerprint256;
      const resumed = socket.isSessionReused();
      resolve({ kind: "received", fingerprint, session: socket.getSession(), resumed });
      socket.destroy();
    });
  });
}
