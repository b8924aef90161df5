import type { Clock, Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type {
  ConflictKind,
  Fingerprint,
  Installation,
  InstallationState,
  KnownMachine,
  NewInstallation,
  Party,
  StateChange,
} from "../domain/installation.ts";
import type { InstallationField } from "../domain/installations-list.ts";
import type { Mutation } from "./mutation.ts";

/** Whose installations are listed. */
export interface InstallationParent {
  /** Its id. */
  readonly customer: string;
  /** `customers/{customer}/licenses/{license}`; absent for all licenses of the customer. */
  readonly license: string | undefined;
}

/** What to bring an installation into. */
export interface NewState extends StateChange {
  readonly state: InstallationState;
  /** Until when seat-brokers must know that it gets no seat; absent: it may have seats. */
  readonly barredUntil: number | "forever" | undefined;
  /** Whether the next refresh counts, whatever its counter and its machine. */
  readonly forgiven: boolean;
  readonly successor: Uuid | undefined;
}

/** What an accepted refresh leaves behind. */
export interface Refresh {
  readonly counter: number;
  readonly requestId: Uuid;
  readonly time: number;
  /** Empty: as it was. */
  readonly host: string;
  /** Empty: as it was. */
  readonly applicationVersion: string;
  /** In base64; absent: as it was. */
  readonly evidence: string | undefined;
  readonly fingerprint: Fingerprint | undefined;
}

/** One entry of the history. */
export interface HistoryEntry {
  readonly kind:
    | "RENAMED"
    | "DISABLED"
    | "ENABLED"
    | "DEACTIVATED"
    | "TRANSFERRED"
    | "CONFLICT"
    | "MISMATCH";
  readonly party: Party;
  readonly subject: string;
  readonly why: string;
  readonly time: number;
}

/** A refresh that was refused. */
export interface RefusedRefresh {
  readonly installation: Uuid;
  readonly kind: ConflictKind;
  readonly time: number;
  readonly host: string;
}

/** What is written of installations, in the transaction of a mutation. */
export interface InstallationWrites {
  /** Reads it, and keeps others from changing it until the transaction ends. */
  lock(id: Uuid): Promise<KnownMachine | undefined>;
  rename(id: Uuid, displayName: string): Promise<Installation>;
  changeState(id: Uuid, to: NewState): Promise<Installation>;
  refresh(id: Uuid, refresh: Refresh): Promise<Installation>;
  /** @returns `undefined` if the license has an installation with the public key */
  enter(installation: NewInstallation): Promise<Installation | undefined>;
  append(id: Uuid, entry: HistoryEntry): Promise<void>;
  /** Keeps everybody from changing who is barred, and from moving anything, until the transaction ends. */
  lockFeed(): Promise<void>;
  /** How often installations of a license were moved, and may be. Needs the feed's lock. */
  transfers(license: string): Promise<{ readonly made: number; readonly limit: number }>;
  /** Lets seat-brokers know who is barred of a license. Takes the feed's lock. */
  tellBrokers(license: string, now: number): Promise<void>;
}

/** Installations over their lives. */
export interface InstallationLives {
  find(id: Uuid): Promise<Installation | undefined>;
  findMachine(id: Uuid): Promise<KnownMachine | undefined>;
  list(
    parent: InstallationParent,
    query: ListQuery<InstallationField>,
  ): Promise<Page<Installation>>;
  /** What a mutation came to that was carried out before. @throws Problem REQUEST_ID_REUSED */
  recall<Result>(mutation: Mutation): Promise<Result | undefined>;
  /**
   * Carries a mutation out at most once, in one transaction.
   * @param work its result is plain JSON data, kept for 72 hours
   * @throws Problem REQUEST_ID_REUSED, REQUEST_IN_FLIGHT, or what `work` throws
   */
  once<Result>(
    mutation: Mutation,
    work: (writes: InstallationWrites) => Promise<Result>,
  ): Promise<{ readonly kind: "done" | "repeated" | "validated"; readonly result: Result }>;
  /** Notes a refused refresh, the first of its kind in the history too. @returns whether it is the first */
  flag(refused: RefusedRefresh, subject: string): Promise<boolean>;
  /** Installations that are over, and of which the issuer was not told. */
  untoldRevocations(limit: number): Promise<readonly Uuid[]>;
  noteRevocationTold(id: Uuid): Promise<void>;
}

/** What happens to installations. */
export type InstallationEvent =
  | {
      readonly kind: "changed";
      readonly method: string;
      readonly installation: Installation;
      readonly subject: string;
    }
  | {
      readonly kind: "refreshed";
      readonly installation: Installation;
      /** Whether the service had lost data that the installation had. */
      readonly isAhead: boolean;
    }
  | {
      readonly kind: "conflict";
      readonly conflict: ConflictKind;
      readonly installation: Installation;
    }
  | { readonly kind: "revocations-untold"; readonly cause: unknown };

/** What the use-cases that change installations work with. */
export interface InstallationPorts {
  readonly lives: InstallationLives;
  readonly clock: Pick<Clock, "now">;
  readonly report: (event: InstallationEvent) => void;
}
