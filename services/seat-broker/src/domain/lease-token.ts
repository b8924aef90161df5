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
  /**
   * Writes what `mint` would make into a buffer, `tokenLength` bytes of it.
   * @param at where it begins
   */
  write(subject: LeaseSubject, facts: LeaseFacts, buffer: Buffer, at: number): void;
  /** The facts, if the token is of this lease and this installation and not tampered with. */
  read(subject: LeaseSubject, token: Uint8Array): LeaseFacts | undefined;
}

// version 1 | fence 8 | epoch 4 | expiry 6 | claim, any length | HMAC-SHA-256 32
const VERSION = 1;
const EXPIRY_AT = 13;
const CLAIM_AT = 19;
const LONGEST = 4_096;
const DOMAIN = "leasehold/lease-token/v1\0";

/** How long the token of a lease is that takes this, in bytes. */
export function tokenLength(claim: string): number {
  return CLAIM_AT + claim.length + MAC_LENGTH;
}

/** @param secrets newest first: the first signs, all of them verify. */
export function tokenKeys(secrets: readonly [Uint8Array, ...Uint8Array[]]): TokenKeys {
  const macs = subjectMacs(DOMAIN, secrets);
  const write: TokenKeys["write"] = (subject, facts, buffer, at) => {
    writeFacts(facts, buffer, at);
    macs.sign(subject, buffer, { from: at, to: at + CLAIM_AT + facts.claim.length });
  };
  return {
    write,
    mint: (subject, facts) => {
      const token = Buffer.allocUnsafe(tokenLength(facts.claim));
      write(subject, facts, token, 0);
      return token;
    },
    read: (subject, token) => {
      if (token.length < tokenLength("") || token.length > LONGEST || token[0] !== VERSION)
        return undefined;
      return macs.isGenuine(subject, token) ? readFacts(token) : undefined;
    },
  };
}

// A number is taken apart into its bytes without another one being made for each.
const wide = new BigUint64Array(1);
const bytesOfWide = new Uint8Array(wide.buffer);

function writeFacts({ fence, epoch, expiry, claim }: LeaseFacts, buffer: Buffer, at: number): void {
  buffer[at] = VERSION;
  wide[0] = fence;
  for (let index = 0; index < 8; index += 1) buffer[at + 8 - index] = bytesOfWide[index] ?? 0;
  buffer.writeUInt32BE(epoch, at + 9);
  buffer.writeUIntBE(expiry, at + EXPIRY_AT, 6);
  buffer.write(claim, at + CLAIM_AT, "latin1");
}

function readFacts(token: Uint8Array): LeaseFacts {
  const numbers = new DataView(token.buffer, token.byteOffset, CLAIM_AT);
  const claim = token.subarray(CLAIM_AT, token.length - MAC_LENGTH);
  return {
    fence: numbers.getBigUint64(1),
    epoch: numbers.getUint32(9),
    expiry: numbers.getUint16(EXPIRY_AT) * 2 ** 32 + numbers.getUint32(EXPIRY_AT + 2),
    // Most take one seat of its own.
    claim: claim.length === 0 ? "" : Buffer.from(claim).toString("latin1"),
  };
}
