import type { TrustBundle } from "@leasehold/license-format";
import type { LicenseFacts } from "./license-facts.ts";

/** A proof that a call comes from an installation: what it is meant for, and for how long. */
export interface ProofRequest {
  /** `{deployment}/{full name of the service}`. */
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970; at most 5 minutes after `issuedAt`. */
  readonly expiresAt: number;
  /** Unique to this proof. */
  readonly id: string;
}

/** An unlocked server or machine, verified offline. */
export interface Installation {
  /** `installations/{installation}`. */
  readonly name: string;
  /** The cluster that it was unlocked at, for example `licenses.example.com`. */
  readonly deployment: string;
  /** `products/{product}`. */
  readonly product: string;
  /** Whom the license is made out to. */
  readonly licensee: { readonly name: string; readonly organization: string };
  /** What the certificate says of the license. */
  readonly license: LicenseFacts;
  /** When (milliseconds since 1970) the certificates were signed. */
  readonly issuedAt: number;
  /** When (milliseconds since 1970) the certificates end and the installation wants to be unlocked again. */
  readonly refreshBy: number;
  /** The installation certificate, an `install+jwt`. */
  readonly certificate: string;
  /** Of its own key, base64url: what borrowed seats are bound to. */
  readonly publicKeyThumbprint: string;
  /** The keys that its cluster signs with, as far as the license file tells. */
  readonly trust: TrustBundle;
  /** Where it is kept, and the seats that it borrowed. */
  readonly directory: string;
  /** Signs a proof with the installation's own key, which never leaves this function. */
  readonly signProof: (request: ProofRequest) => Promise<string>;
  /** Authenticates what the installation notes for itself (HMAC-SHA-256, in hex), by a key that it has alone. */
  readonly mac: (text: string) => string;
}
