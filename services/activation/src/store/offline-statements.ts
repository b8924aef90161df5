import { type Statement, statement } from "@leasehold/store-kit";
import type { Uuid } from "@leasehold/kernel";
import type { MachineRow } from "./installation-rows.ts";

const sql = <Row, Params extends readonly unknown[]>(file: string): Statement<Row, Params> =>
  statement(new URL(`../../sql/${file}.sql`, import.meta.url));

/** A row of `offline_request`. */
export interface OfflineRequestRow {
  readonly request_sha256: Buffer;
  /** Null, both, if it was not answered yet. */
  readonly installation_id: Uuid | null;
  readonly response_file: string | null;
}

export const claimOfflineRequest = sql<
  object,
  readonly [publicKey: Uint8Array, requestId: Uuid, digest: Uint8Array, expireTime: Date]
>("claim_offline_request");

export const findOfflineRequest = sql<
  OfflineRequestRow,
  readonly [publicKey: Uint8Array, requestId: Uuid]
>("find_offline_request");

export const keepOfflineResponse = sql<
  object,
  readonly [
    publicKey: Uint8Array,
    requestId: Uuid,
    digest: Uint8Array,
    installation: Uuid,
    responseFile: string,
    expireTime: Date,
  ]
>("keep_offline_response");

export const pruneOfflineRequests = sql<object, readonly [now: Date, limit: number]>(
  "prune_offline_requests",
);

export const findKeyedInstallation = sql<MachineRow, readonly [id: Uuid, publicKey: Uint8Array]>(
  "find_keyed_installation",
);
