import { isUuid, parseName, type Uuid } from "@leasehold/kernel";

/** Whether an installation may work; an ended one never again. */
export type InstallationState = "ACTIVE" | "DISABLED" | "ENDED";

/** On whose side somebody stands who does something to an installation. */
export type Party = "VENDOR" | "CUSTOMER" | "INSTALLATION";

/** What was wrong with a refresh: a counter of before, or another machine. */
export type ConflictKind = "COUNTER" | "FINGERPRINT";

/** How an installation came into its state. */
export interface StateChange {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly party: Party;
  /** May be empty. */
  readonly why: string;
}

/** A refresh that was refused, and nobody has decided upon since. */
export interface Conflict {
  readonly kind: ConflictKind;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The host name that it told; may be empty. */
  readonly host: string;
}

/** One unlocked server or machine of a license. Plain data: replies that are kept hold it as JSON. */
export interface Installation {
  readonly id: Uuid;
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** `products/{product}`. */
  readonly product: string;
  /** The host name that it told last; may be empty. */
  readonly host: string;
  /** When it was first unlocked, in milliseconds since 1970. */
  readonly createTime: number;
  /** May be empty. */
  readonly displayName: string;
  readonly state: InstallationState;
  /** Absent if it is as it was unlocked. */
  readonly stateChange?: StateChange;
  /** When it was unlocked or refreshed last, in milliseconds since 1970. */
  readonly lastSeenTime: number;
  /** May be empty. */
  readonly applicationVersion: string;
  /** What the machine told of being virtual: the contract's words in base64, passed on and not read. */
  readonly evidence?: string;
  /** How often it was refreshed. */
  readonly counter: number;
  readonly conflict?: Conflict;
  /** Where it was moved to. */
  readonly successor?: Uuid;
}

/** An installation that asks to be entered, with what makes it the same one next time. */
export interface NewInstallation extends Pick<
  Installation,
  "id" | "license" | "product" | "host" | "createTime"
> {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The machine, if it is told. */
  readonly fingerprint?: Fingerprint | undefined;
}

/** An installation with what tells its machine and its refreshes apart. */
export interface KnownMachine {
  readonly installation: Installation;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Absent if it was never told. */
  readonly fingerprint: Fingerprint | undefined;
  /** The request that refreshed it last. */
  readonly refreshRequest: Uuid | undefined;
  /** Whether the next refresh counts, whatever its counter and its machine. */
  readonly forgiven: boolean;
}

/** A tolerant description of a machine: a salted digest for each component. */
export interface Fingerprint {
  readonly salt: Uint8Array;
  readonly components: ReadonlyMap<string, Uint8Array>;
}

/** The resource name of an installation. */
export function installationName(id: Uuid): string {
  return `installations/${id}`;
}

/** The name of the customer that a license is of. @param license its resource name */
export function customerOf(license: string): string {
  return license.split("/", 2).join("/");
}

/** The id in the resource name of an installation; `undefined` if it is none. */
export function readInstallationId(name: string): Uuid | undefined {
  const id = parseName("installations/{installation}", name)?.installation;
  return id !== undefined && isUuid(id) ? id : undefined;
}
