import { MAC_LENGTH } from "./hmac-sha256.ts";
import { type LeaseSubject, subjectMacs } from "./subject-macs.ts";

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
  /** What the lease takes, packed; at most 2,000 characters of ASCII. */
  readonly claim: string;
}

/** Makes and checks tokens: what a holder shows to prove its lease. Whose it is stands in the MAC alone. */
export interface TokenKeys {
  mint(subject: LeaseSubject, facts: LeaseFacts): Buffer;
  /** The facts, if the token is of this lease and this installation and not tampered with. */
  read(subject: LeaseSubject, token: Uint8Array): LeaseFacts | undefined;
}

// version 1 | fence 8 | epoch 4 | expiry 6 | claim, any length | HMAC-SHA-256 32
const VERSION = 1;
const EXPIRY_AT = 13;
const CLAIM_AT = 19;
const LONGEST = 4_096;
const DOMAIN = "leasehold/lease-token/v1\0";

/** @param secrets newest first: the first signs, all of them verify. */
export function tokenKeys(secrets: readonly [Uint8Array, ...Uint8Array[]]): TokenKeys {
  const macs = subjectMacs(DOMAIN, secrets);
  return {
    mint: (subject, facts) => {
      const token = writeFacts(facts);
      macs.sign(subject, token);
      return token;
    },
    read: (subject, token) => {
      if (token.length < CLAIM_AT + MAC_LENGTH || token.length > LONGEST || token[0] !== VERSION)
        return undefined;
      const bytes = Buffer.from(token.buffer, token.byteOffset, token.length);
      const told = bytes.subarray(0, -MAC_LENGTH);
      return macs.isGenuine(subject, told, bytes.subarray(-MAC_LENGTH))
        ? readFacts(told)
        : undefined;
    },
  };
}

/** A token without its MAC. */
function writeFacts({ fence, epoch, expiry, claim }: LeaseFacts): Buffer {
  const told = Buffer.allocUnsafe(CLAIM_AT + claim.length + MAC_LENGTH);
  told.writeUInt8(VERSION, 0);
  told.writeBigUInt64BE(fence, 1);
  told.writeUInt32BE(epoch, 9);
  told.writeUIntBE(expiry, EXPIRY_AT, 6);
  told.write(claim, CLAIM_AT, "latin1");
  return told;
}

function readFacts(told: Buffer): LeaseFacts {
  return {
    fence: told.readBigUInt64BE(1),
    epoch: told.readUInt32BE(9),
    expiry: told.readUIntBE(EXPIRY_AT, 6),
    claim: told.toString("latin1", CLAIM_AT),
  };
}
