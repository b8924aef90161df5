import type { SigningKey, TrustedKey } from "@leasehold/license-format";
import type { SigningKeyRecord, SigningKeyState } from "../domain/signing-key.ts";

/** What this deployment signs with, as of one trust bundle. */
export interface KeyRing {
  readonly deployment: string;
  readonly licenseKey: SigningKey;
  readonly installKey: SigningKey;
  /** Signs checkpoints of the audit log. */
  readonly auditKey: SigningKey;
  /** A `trust+jwt` that vouches for all of them, and for the keys that seat-brokers sign with. */
  readonly trustBundle: string;
  readonly version: number;
  /** What the bundle vouches for: the keys above, former ones, those of others. */
  readonly trustedKeys: readonly TrustedKey[];
}

/** The key ring as this process knows it. Asked for at each use: it changes while the process runs. */
export type CurrentKeyRing = () => KeyRing;

/** A signing key as it is kept. */
export interface SealedKey extends SigningKeyRecord {
  /** Nonce, ciphertext, tag; only of a key that signs. */
  readonly sealedPrivateKey: Uint8Array | undefined;
}

/** A trust bundle as it is kept. */
export interface StoredBundle {
  readonly version: number;
  readonly token: string;
}

/** What the store offers while nobody else opens the key ring. Times are milliseconds since 1970. */
export interface LockedKeyRing {
  /** The newest at the front. */
  listKeys(): Promise<readonly SealedKey[]>;
  /** Keeps a key that signs; the one before it must have ended. */
  insertKey(key: SealedKey & { readonly sealedPrivateKey: Uint8Array }): Promise<void>;
  /** Ends that a key signs; its private half is not kept any longer. */
  endKey(kid: string, state: Exclude<SigningKeyState, "ACTIVE">, retireTime: number): Promise<void>;
  /** Keeps the private half of a key that signs as it was sealed anew. */
  sealKey(kid: string, sealedPrivateKey: Uint8Array): Promise<void>;
  findLatestBundle(): Promise<StoredBundle | undefined>;
  /** Keeps a bundle, and tells every issuer when the transaction is committed. */
  insertBundle(bundle: StoredBundle, createTime: number): Promise<void>;
  /** A pepper version that product keys are stored under, not among those given. */
  findForeignPepper(versions: readonly string[]): Promise<string | undefined>;
}

/** Where signing keys and trust bundles are kept. */
export interface KeyRingStore {
  /** Does the work in one transaction, alone among all issuers of this database. */
  whileLocked<Result>(work: (ring: LockedKeyRing) => Promise<Result>): Promise<Result>;
  /** The version of the latest bundle; 0 if there is none. */
  latestVersion(): Promise<number>;
}
