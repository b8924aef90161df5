import type { Uuid } from "@leasehold/kernel";
import { type Executor, first, run, statement } from "@leasehold/store-kit";
import type { BorrowStore } from "../use-cases/borrow-ports.ts";
import { packHolder } from "./seat-facts.ts";

type KeepParams = readonly [
  license: Uuid,
  epoch: bigint,
  lease: string,
  claim: string,
  fence: bigint,
  overdraft: boolean,
  installation: Uuid,
  holder: string,
  grantTime: Date,
  endsInMs: number,
  freeInMs: number,
];

interface KeptRow {
  readonly license: Uuid;
  readonly lease_epoch: bigint;
  readonly leases: readonly string[];
}

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const readEpoch = statement<{ readonly lease_epoch: bigint }, readonly [license: Uuid]>(
  sql("read_epoch.sql"),
);
const keepBorrow = statement<{ readonly lease: string }, KeepParams>(sql("keep_borrow.sql"));
const endBorrow = statement<never, readonly [license: Uuid, lease: string]>(sql("end_borrow.sql"));
const listBorrows = statement<KeptRow, readonly [after: string]>(sql("list_borrows.sql"));
const endStrays = statement<
  never,
  readonly [license: Uuid, epoch: bigint, leases: readonly string[]]
>(sql("end_stray_borrows.sql"));
const prune = statement<never>(sql("prune_borrows.sql"));

/** Comes before every license. */
const NIL = "00000000-0000-0000-0000-000000000000";

/** Borrowed seats in Postgres. */
export function postgresBorrows(executor: Executor): BorrowStore {
  return {
    epochOf: async (license) => (await first(executor, readEpoch, [license]))?.lease_epoch,
    keep: async ({ license, id, holder, ...lease }, epoch) => {
      const kept = await first(executor, keepBorrow, [
        license,
        epoch,
        id.member,
        lease.claim,
        lease.fence,
        lease.overdraft,
        holder.installation,
        packHolder(holder),
        new Date(lease.grantTime),
        lease.endsInMs,
        lease.freeInMs,
      ]);
      return kept !== undefined;
    },
    end: async (license, { member }) => {
      await run(executor, endBorrow, [license, member]);
    },
    next: async (after) => {
      const row = await first(executor, listBorrows, [after ?? NIL]);
      return row && { license: row.license, epoch: row.lease_epoch, members: row.leases };
    },
    endStrays: async ({ license, epoch, members }) => {
      await run(executor, endStrays, [license, epoch, members]);
    },
    prune: async () => {
      await run(executor, prune, []);
    },
  };
}
