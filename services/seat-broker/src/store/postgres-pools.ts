import type { Uuid } from "@leasehold/kernel";
import { type Executor, first, one, run, statement } from "@leasehold/store-kit";
import type { Pool } from "../domain/pool.ts";
import type { PoolStore } from "../use-cases/ports.ts";
import { featuresOfJson, featuresToJson, licenseModel, licenseState } from "./pool-fields.ts";

interface PoolRow {
  readonly license: Uuid;
  readonly name: string;
  readonly revision: bigint;
  readonly state: string;
  readonly model: string;
  readonly seats: number;
  readonly features: unknown;
  readonly start_time: Date;
  readonly end_time: Date;
  readonly validity_ms: number;
  readonly grace_ms: number;
}

interface StartRow extends PoolRow {
  readonly longest_lease_ms: number;
  readonly lease_epoch: bigint;
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
];

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const keepPool = statement<never, KeepParams>(sql("keep_pool.sql"));
const readPool = statement<PoolRow, readonly [license: Uuid]>(sql("read_pool.sql"));
const startPool = statement<StartRow, readonly [license: Uuid]>(sql("start_pool.sql"));
const sightIncarnation = statement<
  { readonly first_seen_ms: bigint },
  readonly [incarnation: string, now: number]
>(sql("sight_incarnation.sql"));

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
        row && { pool: poolOf(row), epoch: row.lease_epoch, longestLeaseMs: row.longest_lease_ms }
      );
    },
    sight: async ({ name, now }) => {
      const { first_seen_ms } = await one(executor, sightIncarnation, [name, now]);
      return Number(first_seen_ms);
    },
  };
}

function keepParams({ license, name, revision, state, terms }: Pool): KeepParams {
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
  ];
}

function poolOf(row: PoolRow): Pool {
  return {
    license: row.license,
    name: row.name,
    revision: row.revision,
    state: licenseState(row.state),
    terms: {
      model: licenseModel(row.model),
      seats: row.seats,
      features: featuresOfJson(row.features),
      startTime: row.start_time.getTime(),
      endTime: row.end_time.getTime(),
      validityMs: row.validity_ms,
      graceMs: row.grace_ms,
    },
  };
}
