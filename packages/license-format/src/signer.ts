/**
 * Signs bytes; where the private key is, is its own affair. The port for a key management service
 * (KMS), a PKCS #11 module, or a process of its own; `signingKey` is the one that has the private
 * key in memory. What an implementation owes:
 *
 * - Pure Ed25519 (RFC 8032) over the bytes as they are: not Ed25519ph, and no digest made before.
 *   Their number is that of a token: some KB, for a trust bundle or a revocation list up to 1 MiB.
 *   A service that takes fewer bytes must refuse, not cut off.
 * - `kid` is the RFC 7638 thumbprint of `publicKey`, never the service's own name of the key; both
 *   stay what they are for as long as the signer lives. A rotated key is another signer.
 * - `sign` rejects when no signature can be had; it has a deadline of its own, and does not retry
 *   beyond it. Signatures are made at the same time.
 */
export interface Signer {
  /** Thumbprint of the public key. */
  readonly kid: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The Ed25519 signature of these bytes: 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
