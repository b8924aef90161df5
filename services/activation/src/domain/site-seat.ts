import {
  isUuid,
  newUuid,
  type Clock,
  parseName,
  type RandomBytes,
  uuidBytes,
} from "@leasehold/kernel";

/** A seat of the vendor's that the site holds, or has asked for. Times are the site's. */
export interface SiteSeat {
  /** The lease id at the vendor, 64 hexadecimal digits. */
  readonly lease: string;
  /** The features that it may use, of those whose seats the license limits. */
  readonly features: readonly string[];
  /** Absent while it is asked for: then it counts for nothing. */
  readonly held?: {
    /** From when on the vendor may give it to others. */
    readonly endTime: number;
    /** When it was extended last. */
    readonly extendTime: number;
  };
}

/** A seat that is held. */
export type HeldSeat = SiteSeat & Required<Pick<SiteSeat, "held">>;

/** Whether a seat is held, and its time is not over. */
export function isAlive(seat: SiteSeat, now: number): seat is HeldSeat {
  return seat.held !== undefined && seat.held.endTime > now;
}

/**
 * A lease id that nobody has used, 64 hexadecimal digits: the license's UUID and a new UUIDv7.
 * @throws RangeError if the license's id is no UUID
 */
export function newLease(license: string, clock: Pick<Clock, "now">, random: RandomBytes): string {
  const id = parseName("customers/{customer}/licenses/{license}", license)?.license ?? "";
  if (!isUuid(id)) throw new RangeError("a license's id is a UUID");
  return Buffer.concat([uuidBytes(id), uuidBytes(newUuid(clock, random))]).toString("hex");
}
