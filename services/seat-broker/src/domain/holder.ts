import type { Uuid } from "@leasehold/kernel";

/** Who has a seat. The installation is proved, the rest is what it says. */
export interface Holder {
  readonly installation: Uuid;
  readonly user: string;
  readonly host: string;
  readonly process: string;
  readonly applicationVersion: string;
  /** Of the product's server that it works with; absent or empty: it tells none. */
  readonly serverVersion?: string;
  /** The address that its seat was acquired from. */
  readonly address: string;
}
