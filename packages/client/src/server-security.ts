import type { ChannelCredentials } from "@grpc/grpc-js";
import { type ChannelOptions, securityFromEnvironment } from "@leasehold/rpc-client";

/**
 * How the servers are known. Unless told, `LEASEHOLD_TLS_AUTHORITIES_FILE` and `LEASEHOLD_PLAINTEXT`
 * of the environment say it; without them, servers on this machine are spoken to in plaintext, and
 * all others over TLS with the system's roots.
 */
export interface ServerSecurity {
  /** Authorities, PEM, one of which has to have issued the server's certificate: TLS 1.3. */
  readonly authorities?: string | undefined;
  /** Transport security as gRPC has it, instead. */
  readonly credentials?: ChannelCredentials | undefined;
}

/**
 * What a channel is opened with.
 * @throws Error if the environment says what cannot be meant
 */
export function securityOf({ authorities, credentials }: ServerSecurity): ChannelOptions {
  if (credentials) return { credentials };
  if (authorities !== undefined) return { authorities };
  // oxlint-disable-next-line node/no-process-env -- whoever runs an application may say whom it trusts
  return securityFromEnvironment(process.env);
}
