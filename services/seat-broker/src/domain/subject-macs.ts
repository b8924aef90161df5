import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import type { LeaseId } from "./lease-id.ts";

/** Whose lease something is said of. */
export interface LeaseSubject {
  readonly id: LeaseId;
  readonly installation: Uuid;
}

/** How long a MAC is, in bytes: HMAC-SHA-256. */
export const MAC_LENGTH = 32;

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
  // Made once: of bytes Node makes a key for every MAC, which takes four times as long as the MAC.
  const signing = createSecretKey(newest);
  const verifying = [signing, ...others.map((secret) => createSecretKey(secret))];
  const mac = (key: KeyObject, { id, installation }: LeaseSubject, told: Uint8Array) =>
    createHmac("sha256", key).update(domain).update(id.bytes).update(installation).update(told);
  return {
    sign: (subject, told) => {
      const end = told.length - MAC_LENGTH;
      // As text: bytes of its own would be looked after by the collector for longer than the MAC takes.
      const text = mac(signing, subject, told.subarray(0, end)).digest("binary");
      told.write(text, end, "latin1");
    },
    isGenuine: (subject, told, given) =>
      verifying.some((key) => timingSafeEqual(mac(key, subject, told).digest(), given)),
  };
}
