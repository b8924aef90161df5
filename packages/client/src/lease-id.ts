import {
  type Clock,
  isUuid,
  newUuid,
  parseName,
  type RandomBytes,
  uuidBytes,
} from "@leasehold/kernel";

/**
 * A new lease id: the 16 bytes of the license's UUID, then those of a new UUIDv7.
 * @param license `customers/{customer}/licenses/{license}`
 * @throws RangeError if the license's id is no UUID
 */
export function newLeaseId(license: string, clock: Clock, random: RandomBytes): Buffer {
  const id = parseName("customers/{customer}/licenses/{license}", license)?.license ?? "";
  if (!isUuid(id)) throw new RangeError("a license's id is a UUID");
  return Buffer.concat([uuidBytes(id), uuidBytes(newUuid(clock, random))]);
}
