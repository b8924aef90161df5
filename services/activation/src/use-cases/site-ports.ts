import type { Uuid } from "@leasehold/kernel";
import type { SigningKey } from "@leasehold/license-format";
import type { SeatCount } from "../domain/site-grants.ts";
import type { SiteLicense } from "../domain/site-license.ts";
import type { SiteSeat } from "../domain/site-seat.ts";

/** What a site remembers of itself. Times are the site's. */
export interface SiteMemory {
  readonly license: SiteLicense | undefined;
  readonly seenTime: number;
  readonly vendorContactTime: number | undefined;
}

/** What outlives a site's process. */
export interface SiteStore {
  /** Makes a process the one that looks after the site, in the place of any other. */
  enter(process: Uuid): Promise<SiteMemory>;
  keepLicense(license: SiteLicense, contactTime: number): Promise<void>;
  /** @returns whether the process is still the one that looks after the site */
  noteTime(now: number, process: Uuid): Promise<boolean>;
  noteContact(now: number): Promise<void>;
  /** The oldest at the front. */
  seats(): Promise<readonly SiteSeat[]>;
  /** Enters a seat that the vendor is about to be asked for. */
  ask(
    seat: { readonly lease: string; readonly features: readonly string[] },
    now: number,
  ): Promise<void>;
  /** Keeps the vendor's answer. Never makes a seat end earlier. */
  hold(
    lease: string,
    held: Required<SiteSeat>["held"] & { readonly borrow: string },
  ): Promise<void>;
  forget(lease: string): Promise<void>;
}

/** A seat as the vendor lent it, verified. */
export interface LentSeat {
  /** The `borrow+jwt`. */
  readonly borrow: string;
  /** For how long it is lent, in milliseconds from when the vendor was asked; at least so long. */
  readonly lastsMs: number;
}

/** The vendor's cluster, as the site's installation may speak to it. */
export interface Vendor {
  /**
   * Leases a seat, or finds the lease, and borrows it, or borrows it for longer.
   * @returns "overdraft" if it was granted beyond the license's seats
   * @throws Problem that says why not
   */
  lend(
    seat: Pick<SiteSeat, "lease" | "features">,
    durationMs: number,
    signal: AbortSignal,
  ): Promise<LentSeat | "overdraft">;
  /** Gives a lease back, or makes sure that its id never becomes one. */
  giveBack(lease: string, signal: AbortSignal): Promise<void>;
  /** The license as it is, then every change, until the connection is lost. */
  watchLicense(signal: AbortSignal): AsyncIterable<SiteLicense>;
}

/** What the vendor's certificates of the site's own installation are, verified. */
export type SiteCertificates =
  | {
      readonly kind: "unlocked";
      /** Milliseconds since 1970. */
      readonly issuedAt: number;
      /** From then on the vendor takes them for nothing. */
      readonly endTime: number;
      /** Of the vendor's keys that they came with. */
      readonly trustVersion: number;
    }
  | { readonly kind: "locked" }
  | { readonly kind: "refused"; readonly fault: string };

/** The site's own installation, which the vendor knows it by. */
export interface SiteInstallation {
  read(): Promise<SiteCertificates>;
  /** Gets new certificates. @throws Problem that says why not */
  refresh(signal: AbortSignal): Promise<void>;
}

/** How the site's own seats stand. */
export interface SiteStanding {
  /** By which revision they are granted; 0 while nobody knows how many are live. */
  readonly revision: bigint;
  readonly live: SeatCount;
}

/** The site's own seat-broker. */
export interface SiteSeatBroker {
  /** @returns `undefined` if it has never heard of the license, so that none can be live */
  standing(license: string, signal: AbortSignal): Promise<SiteStanding | undefined>;
}

/** What a site signs with. */
export interface SiteKeyRing {
  readonly deployment: string;
  readonly rootPublicKey: Uint8Array;
  readonly licenseKey: SigningKey;
  readonly installKey: SigningKey;
  /** The `trust+jwt`. */
  readonly trustBundle: string;
}

/** A private key of the site's, sealed. */
export interface SealedSiteKey {
  readonly purpose: "trust" | "license" | "install";
  readonly kid: string;
  readonly publicKey: Uint8Array;
  readonly sealedPrivateKey: Uint8Array;
}

/** Where the site's keys are kept. */
export interface SiteKeyStore {
  list(): Promise<readonly SealedSiteKey[]>;
  /** Keeps it unless the purpose has a key. */
  insert(key: SealedSiteKey): Promise<void>;
  /** Keeps the private half as it is sealed now. */
  seal(key: Pick<SealedSiteKey, "purpose" | "kid" | "sealedPrivateKey">): Promise<void>;
}

/** Tells whether a product key is the one that the site was unlocked with. */
export type IsSiteKey = (productKey: string) => Promise<boolean>;
