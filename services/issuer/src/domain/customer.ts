import type { Uuid } from "@leasehold/kernel";

/** An organization that buys licenses. */
export interface Customer {
  readonly id: Uuid;
  readonly displayName: string;
  /** What a colleague quotes to join this customer; unique. */
  readonly referenceId: string;
  /** Milliseconds since 1970. */
  readonly createTime: number;
}
