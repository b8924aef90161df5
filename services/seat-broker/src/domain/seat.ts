import type { SeatClaim } from "./claim.ts";
import type { Holder } from "./holder.ts";

/** How a seat stands. */
export type SeatState = "HELD" | "REVOKED" | "BORROWED";

/** A live seat as an administrator sees it. Times in milliseconds of Redis' clock. */
export interface Seat {
  readonly member: string;
  readonly holder: Holder;
  readonly fence: bigint;
  readonly grantTime: number;
  /** Absent while it is borrowed. */
  readonly heartbeatTime: number | undefined;
  readonly expiry: number;
  readonly claim: SeatClaim;
  readonly state: SeatState;
  /** Whether it was granted beyond the license's seats. */
  readonly overdraft: boolean;
}
