import type { Problem } from "@leasehold/kernel";
import type { Fingerprint, Installation } from "../domain/installation.ts";
import type { LicenseTerms } from "../domain/license-facts.ts";
import type { MachineEvidence } from "@leasehold/machine/rules";
import type { UnlockWarning } from "../domain/unlock-warnings.ts";
import type { Certificates, Licensee, RequestIdentity } from "./ports.ts";
import type { UnlockedProduct } from "./unlock-ports.ts";

/** A request to unlock over a connection, well-formed as far as a look at it can tell. */
export interface UnlockCommand extends MachineToUnlock {
  readonly request: RequestIdentity;
  readonly challenge: Uint8Array;
  /** An `install-proof+jwt`. */
  readonly proof: string;
}

/** A machine that wants to be unlocked. */
export interface MachineToUnlock {
  readonly licensee: Licensee;
  /** As typed. */
  readonly productKey: string;
  /** `products/{product}`. */
  readonly product: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly fingerprint: Fingerprint | undefined;
  /** May be empty. */
  readonly host: string;
  readonly evidence: MachineEvidence | undefined;
  /** `major[.minor[.patch]]`, or empty. */
  readonly applicationVersion: string;
  /** Milliseconds since 1970. */
  readonly applicationReleaseTime: number | undefined;
}

/** Where a request comes from. */
export interface Peer {
  /** Whom limits count together, as text. */
  readonly network: string;
  /** Whether its address is in one of these networks, in CIDR notation. */
  readonly isWithin: (networks: readonly string[]) => boolean;
}

/** What unlocking brought. */
export interface Unlocked {
  readonly installation: Installation;
  /** What the license file is made of. */
  readonly certificates: Certificates;
  /** The `.lic` file. */
  readonly licenseFile: string;
  readonly terms: LicenseTerms;
  /** As the license has it. */
  readonly licensee: Licensee;
  readonly product: UnlockedProduct;
  readonly warnings: readonly UnlockWarning[];
}

/** What is told of a request that was carried out, or refused by the issuer or for a condition. */
export type UnlockEvent =
  | { readonly kind: "unlocked"; readonly installation: Installation }
  | {
      readonly kind: "refused";
      readonly reason: Problem["reason"];
      readonly product: string;
      /** What the caller was told, if the key was not proven. */
      readonly reference?: string;
      /** If it was. */
      readonly license?: string;
    };
