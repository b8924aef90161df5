import { type Channel, connect, type ConnectOptions } from "@leasehold/rpc-client";
import type { ClusterCertificates } from "./cluster-certificates.ts";

/** How the servers of a cluster are known and reached. */
export interface ClusterAccess {
  /** What its servers are known by, PEM, and the file; `undefined` in plaintext. */
  readonly authorities: string | undefined;
  readonly authoritiesFile: string | undefined;
  /** For processes that work with the cluster: `LEASEHOLD_TLS_AUTHORITIES_FILE`, unless it is in plaintext. */
  readonly environment: Readonly<Record<string, string>>;
  /** A channel to one of its servers, or to one behind a proxy on this machine. */
  connect(address: string, options?: ConnectOptions): Channel;
  /** Gives every service new certificates, which those that run take over by themselves. */
  rotateCertificates(): Promise<void>;
}

/** Of a cluster with these certificates, or in plaintext. */
export function accessTo(certificates: ClusterCertificates | undefined): ClusterAccess {
  const { authorities, authoritiesFile } = certificates ?? {};
  return {
    authorities,
    authoritiesFile,
    environment:
      authoritiesFile === undefined ? {} : { LEASEHOLD_TLS_AUTHORITIES_FILE: authoritiesFile },
    connect: (address, options = {}) => connect(address, { authorities, ...options }),
    rotateCertificates: async () => certificates?.rotate(),
  };
}
