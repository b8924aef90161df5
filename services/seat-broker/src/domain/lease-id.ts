import { type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";

/** A lease id: 32 bytes, the UUID of its pool in front of a UUIDv7 that the client made. */
export interface LeaseId {
  readonly bytes: Buffer;
  /**
   * The client's part as 22 characters of base64url: what the lease is called within its
   * pool. Text, not the 16 bytes, because the Redis client is fastest with plain text and
   * people can read it; it costs 12 bytes a lease.
   */
  readonly member: string;
}

/** What 32 bytes are, to somebody of a license. */
export type LeaseIdReading =
  | { readonly kind: "lease"; readonly id: LeaseId }
  | { readonly kind: "malformed" }
  /** Of another license, or of a resource. */
  | { readonly kind: "other-pool"; readonly pool: Uuid; readonly id: LeaseId };

/** Reads the lease ids of one license. */
export type LeaseIdReader = (bytes: Buffer) => LeaseIdReading;

const MALFORMED: LeaseIdReading = { kind: "malformed" };

/** A reader for callers of this license. */
export function leaseIdReader(license: Uuid): LeaseIdReader {
  const prefix = Buffer.from(uuidBytes(license));
  return (bytes) => {
    if (bytes.length !== 32 || !isUuidV7(bytes)) return MALFORMED;
    const id = { bytes, member: bytes.toString("base64url", 16, 32) };
    if (prefix.compare(bytes, 0, 16) === 0) return { kind: "lease", id };
    return { kind: "other-pool", pool: uuidFromBytes(bytes.subarray(0, 16)), id };
  };
}

/** The license of a lease id of anybody's, and the id; `undefined` if the bytes are none. */
export function licenseOfLeaseId(
  bytes: Buffer,
): { readonly license: Uuid; readonly id: LeaseId } | undefined {
  const license = bytes.length === 32 ? uuidFromBytes(bytes.subarray(0, 16)) : undefined;
  const reading = license !== undefined ? leaseIdReader(license)(bytes) : undefined;
  if (license === undefined || reading?.kind !== "lease") return undefined;
  return { license, id: reading.id };
}

/** The lease id of a license that is called so within its pool. */
export function leaseIdOf(license: Uuid, member: string): LeaseId {
  const bytes = Buffer.concat([uuidBytes(license), Buffer.from(member, "base64url")]);
  return { bytes, member };
}

function isUuidV7(bytes: Buffer): boolean {
  return bytes.readUInt8(22) >> 4 === 7 && bytes.readUInt8(24) >> 6 === 2;
}
