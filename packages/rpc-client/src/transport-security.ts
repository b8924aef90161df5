import { isIP } from "node:net";
import {
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
} from "node:tls";
import { ChannelCredentials, type ChannelOptions, type VerifyOptions } from "@grpc/grpc-js";
import { hostOf, isLoopback } from "./target-host.ts";

/** How a server is known, where nothing more is to be said than whom to trust. */
export interface TransportSecurity {
  /** Authorities, PEM, one of which has to have issued the server's certificate: TLS 1.3. */
  readonly authorities?: string | undefined;
  /** No encryption, wherever the server is. */
  readonly plaintext?: boolean | undefined;
}

/** TLS with a say in each connection. */
export interface TlsOptions {
  /** Asked anew for each connection, so that certificates can be exchanged meanwhile. */
  readonly context: () => SecureContext;
  /** What is wrong with the server's certificate; unless told, it has to name the host. */
  readonly identify?: (certificate: PeerCertificate) => Error | undefined;
}

/** What the transport is given. */
export interface SecuredTransport {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/** What is told for a name where the host is an address: that must not be sent as one (RFC 6066). */
const NO_NAME = "leasehold.invalid";

/** By the authorities, in plaintext, or as it is done unless told: plaintext on this machine, TLS with the system's roots elsewhere. */
export function secured(
  address: string,
  { authorities, plaintext = false }: TransportSecurity,
): SecuredTransport {
  if (plaintext || (authorities === undefined && isLoopback(hostOf(address))))
    return { credentials: ChannelCredentials.createInsecure(), options: {} };
  const context = createSecureContext({
    minVersion: "TLSv1.3",
    ...(authorities !== undefined && { ca: authorities }),
  });
  return overTls(address, { context: () => context });
}

/** TLS as the caller has it. */
export function overTls(address: string, { context, identify }: TlsOptions): SecuredTransport {
  const host = hostOf(address);
  const isAddress = isIP(host) !== 0;
  const verify: VerifyOptions = {
    checkServerIdentity: (name, certificate) =>
      identify ? identify(certificate) : checkServerIdentity(isAddress ? host : name, certificate),
  };
  const live: SecureContext = {
    get context(): unknown {
      return context().context as unknown;
    },
  };
  return {
    credentials: ChannelCredentials.createFromSecureContext(live, verify),
    options: isAddress ? { "grpc.ssl_target_name_override": NO_NAME } : {},
  };
}
