import { timingSafeEqual } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import { HmacSha256, MAC_LENGTH } from "./hmac-sha256.ts";
import type { LeaseId } from "./lease-id.ts";

/** Whose lease something is said of. */
export interface LeaseSubject {
  readonly id: Pick<LeaseId, "bytes">;
  readonly installation: Uuid;
}

/** Where something is told within a buffer: from the first byte to before the last. */
export interface ToldAt {
  readonly from: number;
  readonly to: number;
}

/** Proves that seat-brokers said something of somebody's lease. */
export interface SubjectMacs {
  /** Writes the MAC of what a buffer tells behind it, where room is kept for it. */
  sign(subject: LeaseSubject, buffer: Buffer, told: ToldAt): void;
  /** Whether the last bytes are the MAC of this lease, this installation and what is told before. */
  isGenuine(subject: LeaseSubject, told: Uint8Array): boolean;
}

/**
 * @param domain what is said: MACs of one domain prove nothing in another
 * @param secrets newest first: the first signs, all of them verify
 */
export function subjectMacs(
  domain: string,
  [newest, ...others]: readonly [Uint8Array, ...Uint8Array[]],
): SubjectMacs {
  const signing = new HmacSha256(newest, domain);
  const made = Buffer.alloc(MAC_LENGTH);
  const verifying = [signing, ...others.map((secret) => new HmacSha256(secret, domain))];
  return {
    sign: (subject, buffer, told) => {
      buffer.write(macOf(signing, subject, buffer, told), told.to, "latin1");
    },
    isGenuine: (subject, told) => {
      const to = told.length - MAC_LENGTH;
      const given = told.subarray(to);
      for (const mac of verifying) {
        made.write(macOf(mac, subject, told, { from: 0, to }), "latin1");
        if (timingSafeEqual(made, given)) return true;
      }
      return false;
    },
  };
}

function macOf(
  mac: HmacSha256,
  { id, installation }: LeaseSubject,
  told: Uint8Array,
  { from, to }: ToldAt,
): string {
  return mac.begin().bytes(id.bytes).text(installation).bytes(told, from, to).end();
}
