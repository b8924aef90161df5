import { createSecureContext } from "node:tls";
import type { Certificate, CertificateOptions } from "@leasehold/dev-certificates";
import { type Channel, connect, type ConnectOptions } from "@leasehold/rpc-client";
import type { ClusterCertificates } from "./cluster-certificates.ts";
import type { ServiceKind } from "./service-name.ts";

/** How the servers of a cluster are known and reached. */
export interface ClusterAccess {
  /** What its servers are known by, PEM, and the file; `undefined` in plaintext. */
  readonly authorities: string | undefined;
  readonly authoritiesFile: string | undefined;
  /** For processes that work with the cluster: `LEASEHOLD_TLS_AUTHORITIES_FILE`, unless it is in plaintext. */
  readonly environment: Readonly<Record<string, string>>;
  /** A channel to one of its servers, or to one behind a proxy on this machine. */
  connect(address: string, options?: ConnectOptions): Channel;
  /**
   * A channel to a listener for services, as one of them.
   * @throws Error in plaintext, where there is no such listener
   */
  connectAs(service: ServiceKind, address: string): Channel;
  /**
   * A certificate of the cluster's authority, whatever it says: to see who is let in.
   * @throws Error in plaintext, where there is none
   */
  issueCertificate(options: CertificateOptions): Promise<Certificate>;
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
    connectAs: (service, address) => {
      if (!certificates) throw new Error("no service has a certificate here");
      const context = createSecureContext({ ca: authorities, ...certificates.proofOf(service) });
      // It is the authority alone that is asked for: every certificate of it is the cluster's.
      return connect(address, { tls: { context: () => context, identify: () => undefined } });
    },
    issueCertificate: (options) => {
      if (!certificates) throw new Error("there is no authority here");
      return certificates.issue(options);
    },
    rotateCertificates: async () => certificates?.rotate(),
  };
}
