import { isUuid, parseName, type Uuid } from "@leasehold/kernel";

/** One unlocked server or machine of a license. */
export interface Installation {
  readonly id: Uuid;
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** `products/{product}`. */
  readonly product: string;
  /** The host name that it gave; may be empty. */
  readonly host: string;
  /** When it was first unlocked, in milliseconds since 1970. */
  readonly createTime: number;
}

/** An installation that asks to be entered, with what makes it the same one next time. */
export interface NewInstallation extends Installation {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
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

/** The id in the resource name of an installation; `undefined` if it is none. */
export function readInstallationId(name: string): Uuid | undefined {
  const id = parseName("installations/{installation}", name)?.installation;
  return id !== undefined && isUuid(id) ? id : undefined;
}
