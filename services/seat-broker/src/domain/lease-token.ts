import { createHmac, timingSafeEqual } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import type { LeaseId } from "./lease-id.ts";

/** What a token says of a lease. */
export interface LeaseFacts {
  readonly fence: bigint;
  /**
   * The epoch of the pool when the token was made. Each epoch belongs to one incarnation of
   * Redis, so it names that too.
   */
  readonly epoch: number;
  /** When the seat would have become free, in milliseconds of Redis' clock. */
  readonly expiry: number;
}

/** Whose lease: both are in the token's MAC, not in the token. */
export interface LeaseSubject {
  readonly id: LeaseId;
  readonly installation: Uuid;
}

/** Makes and checks tokens: what a holder shows to prove its lease. */
export interface TokenKeys {
  mint(subject: LeaseSubject, facts: LeaseFacts): Buffer;
  /** The facts, if the token is of this lease and this installation and not tampered with. */
  read(subject: LeaseSubject, token: Uint8Array): LeaseFacts | undefined;
}

// version 1 | fence 8 | epoch 4 | expiry 6 | HMAC-SHA-256 32. The version leaves room for
// other pools of the same license.
const VERSION = 1;
const FACTS_LENGTH = 19;
const LENGTH = FACTS_LENGTH + 32;
const DOMAIN = "leasehold/lease-token/v1\0";

/** @param secrets newest first: the first signs, all of them verify. */
export function tokenKeys(secrets: readonly [Uint8Array, ...Uint8Array[]]): TokenKeys {
  return {
    mint: (subject, facts) => {
      const token = Buffer.allocUnsafe(LENGTH);
      writeFacts(token, facts);
      mac(secrets[0], subject, token).copy(token, FACTS_LENGTH);
      return token;
    },
    read: (subject, token) => {
      if (token.length !== LENGTH || token[0] !== VERSION) return undefined;
      const bytes = Buffer.from(token.buffer, token.byteOffset, LENGTH);
      const given = bytes.subarray(FACTS_LENGTH);
      const genuine = secrets.some((secret) => timingSafeEqual(mac(secret, subject, bytes), given));
      return genuine ? readFacts(bytes) : undefined;
    },
  };
}

function writeFacts(token: Buffer, { fence, epoch, expiry }: LeaseFacts): void {
  token.writeUInt8(VERSION, 0);
  token.writeBigUInt64BE(fence, 1);
  token.writeUInt32BE(epoch, 9);
  token.writeUIntBE(expiry, 13, 6);
}

function readFacts(token: Buffer): LeaseFacts {
  return {
    fence: token.readBigUInt64BE(1),
    epoch: token.readUInt32BE(9),
    expiry: token.readUIntBE(13, 6),
  };
}

function mac(secret: Uint8Array, { id, installation }: LeaseSubject, token: Buffer): Buffer {
  return createHmac("sha256", secret)
    .update(DOMAIN)
    .update(id.bytes)
    .update(installation)
    .update(token.subarray(0, FACTS_LENGTH))
    .digest();
}
