import type { SigningKey, SigningPurpose } from "@leasehold/license-format";

/** What certificates and checkpoints are signed for; each has a key of its own. */
export type CertificatePurpose = Extract<SigningPurpose, "license" | "install" | "audit">;

/** What this deployment signs with. */
export interface KeyRing {
  readonly deployment: string;
  readonly licenseKey: SigningKey;
  readonly installKey: SigningKey;
  /** Signs checkpoints of the audit log. */
  readonly auditKey: SigningKey;
  /** A `trust+jwt` that vouches for all of them, and for the keys that seat-brokers sign with. */
  readonly trustBundle: string;
}

/** A signing key as it is kept. */
export interface SealedKey {
  readonly kid: string;
  readonly purpose: CertificatePurpose;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Nonce, ciphertext, tag. */
  readonly sealedPrivateKey: Uint8Array;
}

/** A trust bundle as it is kept. */
export interface StoredBundle {
  readonly version: number;
  readonly token: string;
}

/** What the store offers while nobody else opens the key ring. Times are milliseconds since 1970. */
export interface LockedKeyRing {
  listKeys(): Promise<readonly SealedKey[]>;
  insertKey(key: SealedKey, createTime: number): Promise<void>;
  findLatestBundle(): Promise<StoredBundle | undefined>;
  insertBundle(bundle: StoredBundle, createTime: number): Promise<void>;
  /** A pepper version that product keys are stored under, not among those given. */
  findForeignPepper(versions: readonly string[]): Promise<string | undefined>;
}

/** Where signing keys and trust bundles are kept. */
export interface KeyRingStore {
  /** Does the work in one transaction, alone among all issuers of this database. */
  whileLocked<Result>(work: (ring: LockedKeyRing) => Promise<Result>): Promise<Result>;
}
