import type { Authenticator, ServiceBinding } from "@leasehold/service-kit";
import type { ActivationPorts } from "./rpc/activation-service.ts";
import type { CertifyingIssuer } from "./use-cases/ports.ts";
import type { KeyJudge } from "./use-cases/unlock-ports.ts";

/** Who decides what was sold, and signs it: the issuer of a vendor's cluster, or a site by itself. */
export interface Authority {
  readonly issuer: CertifyingIssuer & KeyJudge;
  /** The public key that its trust bundle is signed with, 32 bytes. */
  readonly trustRoot: Uint8Array;
  /** Who knows the people that it lets in. */
  readonly people: Authenticator;
  /** What is served besides unlocking. */
  readonly services: (unlocking: Pick<ActivationPorts, "unlock">) => readonly ServiceBinding[];
}
