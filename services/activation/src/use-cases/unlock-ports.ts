import type { Challenge } from "../domain/challenge.ts";
import type { Installation, NewInstallation } from "../domain/installation.ts";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type {
  KnownInstallation,
  OtherInstallations,
  ProductVersions,
  UnlockTerms,
} from "../domain/unlock-conditions.ts";
import type { OfflineRequestIdentity } from "./offline-ports.ts";
import type { Licensee, RequestIdentity } from "./ports.ts";

/** A product, as far as whoever unlocks it wants to know. */
export interface UnlockedProduct extends ProductVersions {
  readonly displayName: string;
  /** What its features are called, by their codes. */
  readonly featureNames: ReadonlyMap<string, string>;
  /** May be empty. */
  readonly salesContact: string;
  /** May be empty. */
  readonly helpContact: string;
}

/** The license that a key unlocks for a licensee. */
export interface UnlockableLicense {
  readonly facts: LicenseFacts;
  /** As the license has it. */
  readonly licensee: Licensee;
  readonly terms: UnlockTerms;
  readonly product: UnlockedProduct;
}

/** What somebody typed to unlock a product. */
export interface TypedLicense {
  readonly productKey: string;
  readonly licensee: Licensee;
  /** `products/{product}`. */
  readonly product: string;
  /** What whoever is refused will be told. */
  readonly supportReference: string;
}

/** The issuer, as the judge of product keys. */
export interface KeyJudge {
  /** @throws Problem UNLOCK_REFUSED and others that go on to the caller; DEPENDENCY_UNAVAILABLE */
  verifyProductKey(typed: TypedLicense, signal: AbortSignal): Promise<UnlockableLicense>;
}

/** An installation that is to be entered, on what conditions. */
export interface Enrolment {
  readonly installation: NewInstallation;
  /**
   * Whether it matters how many there are: then those that are entered for one license take turns. If
   * it does not, `admit` is told of none.
   */
  readonly isCounted: boolean;
  /** Whether it runs on a virtual machine, or may. */
  readonly isVirtual: boolean;
  /** May be empty. */
  readonly applicationVersion: string;
  readonly spends: Spent;
}

/** What may be used by one request only, and is used up when an installation is entered. */
export type Spent =
  | {
      readonly kind: "challenge";
      /** The challenge that the key was proven by. */
      readonly challenge: Challenge;
      /** The request that may use it. */
      readonly request: RequestIdentity;
    }
  | { readonly kind: "file"; readonly file: OfflineRequestIdentity };

/** What the license has already. */
export interface Enrolled {
  readonly others: OtherInstallations;
  /** The installation that has this public key. */
  readonly known: KnownInstallation | undefined;
}

/** Enters installations. */
export interface Enrolments {
  /**
   * Enters an installation, or gives the one that has this license and public key already. What it is
   * admitted by cannot change until it is entered: of those who race for the last place one wins.
   * @param admit throws a Problem unless the installation may be entered
   * @throws Problem CHALLENGE_REFUSED or OFFLINE_FILE_USED if another request used up what it spends; what `admit` throws
   */
  enroll(enrolment: Enrolment, admit: (enrolled: Enrolled) => void): Promise<Installation>;
}
