import { timingSafeEqual } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import { hmacSha256, MAC_LENGTH } from "./hmac-sha256.ts";
import type { LeaseId } from "./lease-id.ts";

/** Whose lease something is said of. */
export interface LeaseSubject {
  readonly id: LeaseId;
  readonly installation: Uuid;
}

/** Proves that seat-brokers said something of somebody's lease. */
export interface SubjectMacs {
  /** Writes the MAC of what is told into the last bytes, which are kept free for it. */
  sign(subject: LeaseSubject, told: Buffer): void;
  /** Whether a MAC is of this lease, this installation and what is told. */
  isGenuine(subject: LeaseSubject, told: Uint8Array, given: Uint8Array): boolean;
}

/**
 * @param domain what is said: MACs of one domain prove nothing in another
 * @param secrets newest first: the first signs, all of them verify
 */
export function subjectMacs(
  domain: string,
  [newest, ...others]: readonly [Uint8Array, ...Uint8Array[]],
): SubjectMacs {
  const keyed = (secret: Uint8Array) => {
    const mac = hmacSha256(secret);
    return ({ id, installation }: LeaseSubject, told: Uint8Array) =>
      mac([domain, id.bytes, installation, told]);
  };
  const signing = keyed(newest);
  const verifying = [signing, ...others.map(keyed)];
  return {
    sign: (subject, told) => {
      const end = told.length - MAC_LENGTH;
      told.write(signing(subject, told.subarray(0, end)), end, "latin1");
    },
    isGenuine: (subject, told, given) =>
      verifying.some((mac) => timingSafeEqual(Buffer.from(mac(subject, told), "latin1"), given)),
  };
}
