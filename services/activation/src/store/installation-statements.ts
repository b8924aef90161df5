import type { Uuid } from "@leasehold/kernel";
import { type ListColumns, listStatement, type Statement, statement } from "@leasehold/store-kit";
import type { ConflictKind, InstallationState, Party } from "../domain/installation.ts";
import type { InstallationField } from "../domain/installations-list.ts";
import type { HistoryEntry } from "../use-cases/installation-ports.ts";
import type { InstallationRow, MachineRow } from "./installation-rows.ts";

const url = (file: string) => new URL(`../../sql/${file}.sql`, import.meta.url);
const sql = <Row, Params extends readonly unknown[]>(file: string): Statement<Row, Params> =>
  statement(url(file));

export const findInstallation = sql<InstallationRow, readonly [id: Uuid]>("find_installation");
export const findMachine = sql<MachineRow, readonly [id: Uuid]>("find_machine");
export const lockMachine = sql<MachineRow, readonly [id: Uuid]>("lock_machine");

export const enrollInstallation = sql<
  InstallationRow,
  readonly [
    id: Uuid,
    license: string,
    product: string,
    publicKey: Uint8Array,
    host: string,
    createTime: Date,
    salt: Uint8Array | null,
    digests: string | null,
    applicationVersion: string,
  ]
>("enroll_installation");

const LISTED: ListColumns<InstallationField> = {
  columns: {
    license: "license",
    host: "host",
    display_name: "display_name",
    state: "state",
    application_version: "application_version",
    has_conflict: "has_conflict",
    last_seen_time: "last_seen_time",
    create_time: "create_time",
  },
  key: "id",
};

export const listInstallations = listStatement<
  InstallationRow,
  readonly [license: string],
  InstallationField
>(url("list_installations"), LISTED);

export const listCustomerInstallations = listStatement<
  InstallationRow,
  readonly [customer: string],
  InstallationField
>(url("list_customer_installations"), LISTED);

export const renameInstallation = sql<InstallationRow, readonly [id: Uuid, displayName: string]>(
  "rename_installation",
);

export const changeInstallationState = sql<
  InstallationRow,
  readonly [
    id: Uuid,
    state: InstallationState,
    time: Date,
    party: Party,
    why: string,
    barredUntil: Date | "infinity" | null,
    forgiven: boolean,
    successor: Uuid | null,
  ]
>("change_installation_state");

export const refreshInstallation = sql<
  InstallationRow,
  readonly [
    id: Uuid,
    counter: number,
    request: Uuid,
    time: Date,
    host: string,
    applicationVersion: string,
    evidence: Uint8Array | null,
    salt: Uint8Array | null,
    digests: string | null,
  ]
>("refresh_installation");

export const flagInstallation = sql<
  { readonly is_new: boolean },
  readonly [id: Uuid, kind: ConflictKind, time: Date, host: string]
>("flag_installation");

export const appendInstallationChange = sql<
  never,
  readonly [
    installation: Uuid,
    kind: HistoryEntry["kind"],
    party: Party,
    subject: string,
    why: string,
    time: Date,
  ]
>("append_installation_change");

export const bumpEntitlement = sql<
  { readonly feed_revision: bigint },
  readonly [license: string, feedRevision: bigint, now: number]
>("bump_entitlement");

export const advanceFeedHead = sql<object, readonly [feedRevision: bigint]>("advance_feed_head");

export const countTransfers = sql<
  { readonly transfers: bigint; readonly passed_terms: Uint8Array | null },
  readonly [license: string]
>("count_transfers");

export const findUntoldRevocations = sql<{ readonly id: Uuid }, readonly [limit: number]>(
  "find_untold_revocations",
);

export const noteRevocationTold = sql<never, readonly [id: Uuid]>("note_revocation_told");
