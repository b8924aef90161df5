import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";

/** A new one: what is done on this machine is not repeated by hand. */
export function newRequestId(): string {
  return newUuid(systemClock, systemRandom);
}
