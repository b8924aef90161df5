import {
  type Clock,
  isUuid,
  newUuid,
  parseName,
  type RandomBytes,
  uuidBytes,
} from "@leasehold/kernel";

/** A new lease id: the 16 bytes of the pool, then those of a new UUIDv7. */
export function newLeaseId(pool: Uint8Array, clock: Clock, random: RandomBytes): Buffer {
  return Buffer.concat([pool, uuidBytes(newUuid(clock, random))]);
}

/**
 * What the lease ids of a license's own seats begin with.
 * @param license `customers/{customer}/licenses/{license}`
 * @throws RangeError if the license's id is no UUID
 */
export function poolOfLicense(license: string): Buffer {
  const id = parseName("customers/{customer}/licenses/{license}", license)?.license ?? "";
  if (!isUuid(id)) throw new RangeError("a license's id is a UUID");
  return Buffer.from(uuidBytes(id));
}
