import type { Uuid } from "@leasehold/kernel";

/** Who has a seat. The installation is proved, the rest is what it says. */
export interface Holder {
  readonly installation: Uuid;
  readonly user: string;
  readonly host: string;
  readonly process: string;
  readonly applicationVersion: string;
}

/** A live seat as an administrator sees it. Times in milliseconds of Redis' clock. */
export interface Seat {
  readonly member: string;
  readonly holder: Holder | undefined;
  readonly fence: bigint;
  readonly grantTime: number | undefined;
  readonly expiry: number;
}
