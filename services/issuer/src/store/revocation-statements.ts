import { statement } from "@leasehold/store-kit";
import { sql } from "./sql.ts";

export const readRevocations = statement<
  {
    readonly version: bigint;
    readonly licenses: readonly string[];
    readonly installations: readonly { readonly id: string; readonly at: number }[];
  },
  readonly [now: Date, most: number]
>(sql("read_revocations"));

export const revokeInstallation = statement<never, readonly [id: string, now: Date, until: Date]>(
  sql("revoke_installation"),
);
