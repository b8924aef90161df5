import type { Clock, RandomBytes } from "@leasehold/kernel";
import type { SigningKey } from "@leasehold/license-format";
import type { SigningKeyRecord } from "../domain/signing-key.ts";
import type { LockedKeyRing } from "./key-ring.ts";

/** What is read of signing keys. */
export interface SigningReads {
  /** The newest at the front. */
  listSigningKeys(): Promise<readonly SigningKeyRecord[]>;
}

/** What is written of signing keys, in the transaction of a mutation. */
export interface SigningWrites {
  /** Waits until nobody else changes the key ring; nobody else does until the transaction ends. */
  lockKeyRing(): Promise<LockedKeyRing>;
}

/** That one root key took the place of another. */
export interface Succession {
  /** 32 bytes. */
  readonly predecessor: Uint8Array;
  /** The `root+jwt` that the other signed. */
  readonly token: string;
}

/** What making signing keys and vouching for them takes. */
export interface KeyAuthority {
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  readonly deployment: string;
  /** 32 bytes each; the first seals private keys, those after it may have sealed some. */
  readonly keyEncryptionKeys: readonly [Uint8Array, ...Uint8Array[]];
  /** Signs the trust bundle. */
  readonly root: SigningKey;
  /** How one comes from earlier roots to this one, the earliest first. */
  readonly successions: readonly Succession[];
}
