import type { Fingerprint, Installation } from "../domain/installation.ts";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type { NamedUsers } from "../domain/named-user.ts";
import type { LicensedCustomer } from "../domain/resource.ts";
import type { Uuid } from "@leasehold/kernel";

/** Whom a license is made out to, as the person at the keyboard says. */
export interface Licensee {
  readonly name: string;
  readonly organization: string;
}

/** The certificates of an installation, and the trust bundle to verify them with: signed tokens. */
export interface Certificates {
  readonly license: string;
  readonly install: string;
  readonly trust: string;
}

/** One step of the issuer's feed. */
export interface LicenseStep {
  readonly feedRevision: bigint;
  /** Absent where the step only tells where the feed stands. */
  readonly license: LicenseFacts | undefined;
  /** Whose license it is; absent where the issuer does not tell. */
  readonly customer?: LicensedCustomer | undefined;
}

/** The issuer. What it refuses it refuses by a `Problem`, which goes on to the caller as it is. */
export interface CertifyingIssuer {
  issueCertificates(
    asked: {
      readonly license: string;
      readonly installation: string;
      readonly publicKey: Uint8Array;
      readonly fingerprint: Fingerprint | undefined;
      /** The id of the request file that they answer. */
      readonly answers?: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<Certificates>;
  /** The signed trust bundle. */
  trustBundle(signal: AbortSignal): Promise<string>;
  /** Every license that changed after a point of the issuer's feed, then every change. */
  watchLicenses(afterFeedRevision: bigint, signal: AbortSignal): AsyncIterable<LicenseStep>;
}

/** The issuer of a vendor's cluster, who also tells what is not believed any more. */
export interface Issuer extends CertifyingIssuer {
  /** Ends that the certificates of an installation are believed which it has. May be repeated. */
  revokeCertificate(
    asked: { readonly requestId: Uuid; readonly installation: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** What is not believed although it is signed, a `revlist+jwt`. */
  revocationList(signal: AbortSignal): Promise<string>;
}

/** Installations. */
export interface Installations {
  find(id: Uuid): Promise<Installation | undefined>;
}

/** What tells one request from another. */
export interface RequestIdentity {
  readonly requestId: Uuid;
  readonly method: string;
  /** The request in bytes. */
  readonly body: Uint8Array;
}

/** The replies of requests that were carried out. Both throw REQUEST_ID_REUSED. */
export interface Replies {
  find(request: RequestIdentity): Promise<Uint8Array | undefined>;
  /** Keeps a reply, unless the request has one. Gives the one that stands. */
  keep(request: RequestIdentity, reply: Uint8Array): Promise<Uint8Array>;
}

/** An entitlement, and where in the feed it changed last. */
export interface FeedEntry {
  readonly feedRevision: bigint;
  readonly entitlement: LicenseFacts;
  readonly barred: BarredList;
  /** Absent for a license that never named any. */
  readonly namedUsers?: NamedUsers;
}

/** The installations of a license that get no seats. */
export interface BarredList {
  /** Of two lists of a license the one with the greater number is the newer; 0: there never was one. */
  readonly revision: bigint;
  readonly installations: readonly Uuid[];
}

/** Some entries of the feed, and where it stands. */
export interface FeedPage {
  /** In the order of the feed. */
  readonly entries: readonly FeedEntry[];
  /** The revision of the last change there is. */
  readonly head: bigint;
}

/** The feed of entitlements. */
export interface EntitlementFeed {
  /** At most `limit` entries after a point. */
  read(afterFeedRevision: bigint, limit: number): Promise<FeedPage>;
  /**
   * Deals with a step of the issuer's feed: enters the license unless this revision of it,
   * or a newer one, is known, with the pools of its resources; likewise its customer; and
   * remembers the step as dealt with. All or nothing.
   * @returns whether the license changed
   */
  apply(step: LicenseStep): Promise<boolean>;
  /** The last step of the issuer's feed that was dealt with; 0 before the first. */
  issuerCursor(): Promise<bigint>;
  /** Begins to watch for news of the feed or of the trust bundle. */
  watch(): FeedWatch;
}

/** Waits for news. */
export interface FeedWatch extends Disposable {
  /** Resolves upon news since the last call, when it is time to look anyway, or on abort. */
  next(signal: AbortSignal): Promise<void>;
}

/** A trust bundle whose signature was verified. */
export interface KnownTrust {
  readonly version: number;
  /** The `trust+jwt`. */
  readonly token: string;
}

/** The newest trust bundle. */
export interface TrustStore {
  find(): Promise<KnownTrust | undefined>;
  /** Keeps it unless the one that is kept is as new. */
  keep(trust: KnownTrust): Promise<void>;
}

/** Waits. Ends early, without an error, when the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;
