import type { Uuid } from "@leasehold/kernel";
import { type Executor, first, one, run, statement } from "@leasehold/store-kit";
import type { Pool, PoolInForce } from "../domain/pool.ts";
import type { PoolStore } from "../use-cases/pool-ports.ts";
import { type BorrowJson, borrowOfJson } from "./borrow-json.ts";
import {
  changePolicyOf,
  featuresOfJson,
  featuresToJson,
  licenseModel,
  licenseState,
  namingOfJson,
  namingToJson,
  policyOfJson,
  policyToJson,
  versionsOfJson,
} from "./pool-fields.ts";

interface PoolRow {
  readonly license: Uuid;
  readonly name: string;
  readonly bound_to: string | null;
  readonly revision: bigint;
  readonly state: string;
  readonly model: string;
  readonly seats: number;
  readonly features: unknown;
  readonly start_time: Date;
  readonly end_time: Date;
  readonly validity_ms: number;
  readonly grace_ms: number;
  readonly seat_policy: unknown;
  readonly naming: unknown;
  readonly change_policy: string;
  readonly versions: unknown;
  readonly product_revision: bigint;
  readonly drained: boolean;
  readonly drain_revision: bigint;
}

interface StartRow extends PoolRow {
  readonly longest_lease_ms: number;
  readonly lease_epoch: bigint;
  readonly room: number;
}

type KeepParams = readonly [
  license: Uuid,
  name: string,
  revision: bigint,
  state: string,
  model: string,
  seats: number,
  features: string,
  startTime: Date,
  endTime: Date,
  validityMs: number,
  graceMs: number,
  policy: string,
  room: number,
  naming: string | null,
  namingRevision: bigint,
  changePolicy: string,
  versions: string,
  productRevision: bigint,
  boundTo: string | null,
];

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const keepPool = statement<never, KeepParams>(sql("keep_pool.sql"));
const readPool = statement<PoolRow, readonly [license: Uuid]>(sql("read_pool.sql"));
const startPool = statement<StartRow, readonly [license: Uuid]>(sql("start_pool.sql"));
const sightIncarnation = statement<
  { readonly first_seen_ms: bigint },
  readonly [incarnation: string, now: number]
>(sql("sight_incarnation.sql"));

interface RestorationRow {
  readonly lease_epoch: bigint;
  readonly revoked: readonly string[];
  readonly borrowed: readonly BorrowJson[];
}

const readRestoration = statement<RestorationRow, readonly [license: Uuid]>(
  sql("read_restoration.sql"),
);

const readCrowded = statement<{ readonly license: Uuid }, readonly [limit: number]>(
  sql("read_crowded.sql"),
);
const uncrowd = statement<never, readonly [license: Uuid, epoch: bigint, revision: bigint]>(
  sql("uncrowd.sql"),
);

/** Pools in Postgres. */
export function postgresPools(executor: Executor): PoolStore {
  return {
    keep: async (pool) => {
      await run(executor, keepPool, keepParams(pool));
    },
    read: async (license) => {
      const row = await first(executor, readPool, [license]);
      return row && poolOf(row);
    },
    start: async (license) => {
      const row = await first(executor, startPool, [license]);
      return (
        row && {
          pool: poolOf(row),
          epoch: row.lease_epoch,
          longestLeaseMs: row.longest_lease_ms,
          room: row.room,
        }
      );
    },
    readRestoration: async (license) => {
      const row = await first(executor, readRestoration, [license]);
      if (!row) return undefined;
      const borrowed = row.borrowed.map((json) => borrowOfJson(license, json));
      return { epoch: row.lease_epoch, revoked: row.revoked, borrowed };
    },
    crowded: async (limit) => {
      const rows = await run(executor, readCrowded, [limit]);
      return rows.map(({ license }) => license);
    },
    uncrowd: async (license, { epoch, revision }) => {
      await run(executor, uncrowd, [license, epoch, revision]);
    },
    sight: async ({ name, now }) => {
      const { first_seen_ms } = await one(executor, sightIncarnation, [name, now]);
      return Number(first_seen_ms);
    },
  };
}

function keepParams(pool: Pool): KeepParams {
  const { license, name, boundTo, revision, productRevision, state, terms } = pool;
  return [
    license,
    name,
    revision,
    state,
    terms.model,
    terms.seats,
    featuresToJson(terms.features),
    new Date(terms.startTime),
    new Date(terms.endTime),
    terms.validityMs,
    terms.graceMs,
    policyToJson(terms.policy),
    terms.seats + terms.policy.overdraft,
    terms.naming ? namingToJson(terms.naming) : null,
    terms.naming?.revision ?? 0n,
    terms.changePolicy,
    JSON.stringify(terms.versions),
    productRevision,
    boundTo ?? null,
  ];
}

function poolOf(row: PoolRow): PoolInForce {
  return {
    license: row.license,
    name: row.name,
    ...(row.bound_to !== null && { boundTo: row.bound_to }),
    revision: row.revision,
    productRevision: row.product_revision,
    state: licenseState(row.state),
    terms: {
      model: licenseModel(row.model),
      seats: row.seats,
      features: featuresOfJson(row.features),
      startTime: row.start_time.getTime(),
      endTime: row.end_time.getTime(),
      validityMs: row.validity_ms,
      graceMs: row.grace_ms,
      policy: policyOfJson(row.seat_policy),
      ...(row.naming === null ? {} : { naming: namingOfJson(row.naming) }),
      changePolicy: changePolicyOf(row.change_policy),
      versions: versionsOfJson(row.versions),
    },
    drain: { drained: row.drained, revision: row.drain_revision },
  };
}
