import type { Uuid } from "@leasehold/kernel";
import {
  type ChannelWatches,
  type Executor,
  first,
  one,
  run,
  statement,
} from "@leasehold/store-kit";
import { leaseIdOf } from "../domain/lease-id.ts";
import type {
  ActFeed,
  AdministrationAct,
  AdministrationStore,
} from "../use-cases/administration-ports.ts";

/** The channel that tells of new acts. */
export const ACTS_CHANNEL = "seat_broker_acts";

const PAGE = 100;

interface ActRow {
  readonly number: bigint;
  readonly license: Uuid;
  readonly lease: string | null;
  readonly installation: Uuid | null;
  readonly immediate: boolean | null;
  readonly reason: string;
}

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const revokeLease = statement<
  { readonly notified: string },
  readonly [
    license: Uuid,
    lease: string,
    immediate: boolean,
    forgetTime: Date,
    installation: Uuid | undefined,
    reason: string,
    subject: string,
    time: Date,
  ]
>(sql("revoke_lease.sql"));
const drainPool = statement<
  { readonly notified: string },
  readonly [license: Uuid, drained: boolean, subject: string, time: Date]
>(sql("drain_pool.sql"));
const findRevocation = statement<
  { readonly immediate: boolean },
  readonly [license: Uuid, lease: string]
>(sql("find_revocation.sql"));
const pruneRevocations = statement<never, readonly [now: Date]>(sql("prune_revocations.sql"));
const readHead = statement<{ readonly number: bigint }>(sql("read_acts_head.sql"));
const readActs = statement<ActRow, readonly [after: bigint, limit: number]>(sql("read_acts.sql"));

/** What administrators did, in Postgres. */
export function postgresAdministration(executor: Executor): AdministrationStore {
  return {
    revoke: async ({ license, id, installation, reason, immediate, subject, ...times }) => {
      const [forget, now] = [new Date(times.forgetTime), new Date(times.time)];
      const what = [license, id.member, immediate, forget] as const;
      const why = [installation, reason, subject, now] as const;
      return (await first(executor, revokeLease, [...what, ...why])) !== undefined;
    },
    isRevoked: async (license, { member }) =>
      (await first(executor, findRevocation, [license, member])) !== undefined,
    drain: async ({ license, drained, subject, time }) =>
      (await first(executor, drainPool, [license, drained, subject, new Date(time)])) !== undefined,
    prune: async (now) => {
      await run(executor, pruneRevocations, [new Date(now)]);
    },
  };
}

/** The same, for those who follow it. */
export function postgresActs(executor: Executor, watches: ChannelWatches): ActFeed {
  return {
    head: async () => (await one(executor, readHead, [])).number,
    watch: async function* (after, signal) {
      using news = watches.watch();
      let position = after;
      while (!signal.aborted) {
        const acts = await run(executor, readActs, [position, PAGE]);
        for (const act of acts) {
          position = act.number;
          yield actOf(act);
        }
        if (acts.length < PAGE) await news.next(signal);
      }
    },
  };
}

function actOf({ number, license, lease, ...row }: ActRow): AdministrationAct {
  if (lease === null) return { number, license, deed: { kind: "drain-changed" } };
  const { installation, immediate, reason } = row;
  const deed = {
    kind: "seat-revoked",
    id: leaseIdOf(license, lease),
    installation: installation ?? undefined,
    immediate: immediate === true,
    reason,
  } as const;
  return { number, license, deed };
}
