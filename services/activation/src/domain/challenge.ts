import { createHmac, timingSafeEqual } from "node:crypto";
import { type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";

/** How long a challenge may be used, in milliseconds. A proof of it holds no longer. */
export const CHALLENGE_LIFE_MS = 5 * 60_000;

/** What challenges are made with, 32 bytes each, the newest first; the same at all replicas. */
export type ChallengeKeys = readonly [Uint8Array, ...Uint8Array[]];

/** What a challenge tells those who can read it. */
export interface Challenge {
  readonly id: Uuid;
  /** Milliseconds since 1970. */
  readonly expireTime: number;
}

const LABEL = "leasehold/challenge-mac/v1\0";
const FORMAT = 1;
const ID_AT = 1;
const TIME_AT = 17;
const MAC_AT = 25;
const LENGTH = 57;

/** A challenge in bytes: format, id, when it ends, and the MAC by which any replica knows it again. */
export function formatChallenge([key]: ChallengeKeys, { id, expireTime }: Challenge): Uint8Array {
  const bytes = Buffer.alloc(LENGTH);
  bytes[0] = FORMAT;
  bytes.set(uuidBytes(id), ID_AT);
  bytes.writeBigUInt64BE(BigInt(expireTime), TIME_AT);
  bytes.set(macOf(key, bytes.subarray(0, MAC_AT)), MAC_AT);
  return bytes;
}

/** Reads a challenge; `undefined` if none of the keys made it. Whether it is over is not looked at. */
export function readChallenge(keys: ChallengeKeys, bytes: Uint8Array): Challenge | undefined {
  if (bytes.length !== LENGTH || bytes[0] !== FORMAT) return undefined;
  const read = Buffer.from(bytes);
  const [content, mac] = [read.subarray(0, MAC_AT), read.subarray(MAC_AT)];
  if (!keys.some((key) => timingSafeEqual(macOf(key, content), mac))) return undefined;
  return {
    id: uuidFromBytes(read.subarray(ID_AT, TIME_AT)),
    expireTime: Number(read.readBigUInt64BE(TIME_AT)),
  };
}

function macOf(key: Uint8Array, content: Uint8Array): Buffer {
  return createHmac("sha256", key).update(LABEL).update(content).digest();
}
