import { type Statement, statement } from "@leasehold/store-kit";
import type { Uuid } from "@leasehold/kernel";

const sql = <Row, Params extends readonly unknown[]>(file: string): Statement<Row, Params> =>
  statement(new URL(`../../sql/${file}.sql`, import.meta.url));

export const useChallenge = sql<
  { readonly id: Uuid },
  readonly [id: Uuid, requestSha256: Uint8Array, expireTime: Date]
>("use_challenge");

export const forgetChallenges = sql<
  { readonly id: Uuid },
  readonly [endedBefore: Date, limit: number]
>("forget_challenges");

export const lockInstallations = sql<object, readonly [license: string]>("lock_installations");

/** What `count_installations.sql` counts. */
export interface CountedInstallations {
  readonly installations: number;
  readonly virtual_machines: number;
  readonly known: boolean;
  readonly known_virtual: boolean;
}

export const countInstallations = sql<
  CountedInstallations,
  readonly [license: string, publicKey: Uint8Array]
>("count_installations");

export const keepMachine = sql<
  { readonly installation: Uuid },
  readonly [installation: Uuid, isVirtual: boolean]
>("keep_machine");
