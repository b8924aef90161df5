import type { Uuid } from "@leasehold/kernel";
import {
  licenseRevoked,
  namesTooLong,
  noPlaceLeft,
  notOfNamedUsers,
} from "./named-user-problems.ts";
import type { LicenseState, LicenseTerms } from "./license-facts.ts";

/** A user who has one of the places of a license. */
export interface NamedUser {
  readonly id: Uuid;
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** As client applications tell it. */
  readonly user: string;
  /** In milliseconds since 1970. */
  readonly assignTime: number;
  /** `administrator:{subject}` or `accounts/{account}`. */
  readonly assignedBy: string;
}

/** The users that a license names, as the seat-broker needs them. */
export interface NamedUsers {
  /** How often they changed. */
  readonly revision: bigint;
  readonly users: readonly string[];
}

/** A license, and how its places stand. */
export interface NamingLicense {
  readonly model: LicenseTerms["model"];
  readonly state: LicenseState;
  readonly seats: number;
  /** How many users are named. */
  readonly users: number;
  /** How many bytes of UTF-8 their names have. */
  readonly bytes: number;
}

/** A message of the feed, of 4 MiB at most, has all names of a license in it, beside its seat policy. */
const MOST_USERS = 10_000;
const MOST_BYTES = 800_000;

/**
 * Makes sure that a license has a place for one more user. A license that was given fewer seats than
 * it has users keeps them; it names nobody new before there are fewer.
 * @throws Problem INVALID_REQUEST if it is of another model; LICENSE_REVOKED; LIMIT_REACHED
 */
export function ensurePlace(license: NamingLicense, user: string): void {
  ensureNaming(license);
  if (license.state === "REVOKED") throw licenseRevoked();
  const places = Math.min(license.seats, MOST_USERS);
  if (license.users >= places) throw noPlaceLeft(places);
  if (license.bytes + Buffer.byteLength(user) > MOST_BYTES) throw namesTooLong(MOST_BYTES);
}

/** @throws Problem INVALID_REQUEST if the license is of a model that names no users */
export function ensureNaming({ model }: Pick<NamingLicense, "model">): void {
  if (model !== "NAMED_USER") throw notOfNamedUsers();
}
