/** A tolerant description of a machine: salted digests, from which nobody gets the machine back. */
export interface Fingerprint {
  /** Made once, and kept with the installation; 16 to 64 bytes. */
  readonly salt: Uint8Array;
  /** A digest of 32 bytes for each component; of several alike, `mac.0`, `mac.1`, …; at most 32. */
  readonly components: ReadonlyMap<string, Uint8Array>;
}
