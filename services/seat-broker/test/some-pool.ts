import { newUuid, systemClock, systemRandom, type Uuid } from "@leasehold/kernel";
import { type LeaseId, leaseIdOf } from "../src/domain/lease-id.ts";
import type { Pool, Terms } from "../src/domain/pool.ts";
import type { Holder } from "../src/domain/holder.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { ANY_VERSION } from "../src/domain/version-rules.ts";
import { uuidBytes } from "@leasehold/kernel";

const YEAR_MS = 365 * 86_400_000;

/** A license in use, of three seats unless told otherwise. */
export function somePool(
  given: {
    readonly revision?: bigint;
    readonly productRevision?: bigint;
    readonly state?: Pool["state"];
    readonly license?: Uuid;
    /** Of a resource: the license that it is bound to, or none. */
    readonly boundTo?: string;
  } & Partial<Terms> = {},
): Pool {
  const {
    revision = 1n,
    productRevision = 0n,
    state = "ACTIVE",
    license = someUuid(),
    boundTo,
    ...terms
  } = given;
  const identity =
    boundTo === undefined
      ? { name: `customers/acme/licenses/${license}` }
      : { name: `customers/acme/resources/${license}`, boundTo };
  return {
    license,
    ...identity,
    revision,
    productRevision,
    state,
    terms: {
      model: "FLOATING",
      seats: 3,
      features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 2n ** 60n }],
      startTime: Date.now() - YEAR_MS,
      endTime: Date.now() + YEAR_MS,
      validityMs: 45_000,
      graceMs: 10_000,
      policy: OPEN_POLICY,
      changePolicy: "LIVE",
      versions: ANY_VERSION,
      ...terms,
    },
  };
}

export function someUuid(): Uuid {
  return newUuid(systemClock, systemRandom);
}

export function someLease(license: Uuid): LeaseId {
  return leaseIdOf(license, Buffer.from(uuidBytes(someUuid())).toString("base64url"));
}

export function someHolder(installation: Uuid = someUuid()): Holder {
  return {
    installation,
    user: "ada",
    host: "difference",
    process: "17",
    applicationVersion: "1.0",
    address: "192.0.2.7",
  };
}
