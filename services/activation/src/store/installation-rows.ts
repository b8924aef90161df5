import type { Uuid } from "@leasehold/kernel";
import type {
  ConflictKind,
  Fingerprint,
  Installation,
  InstallationState,
  KnownMachine,
  Party,
} from "../domain/installation.ts";

/** A row of `installation`, without what only the database needs. */
export interface InstallationRow {
  readonly id: Uuid;
  readonly license: string;
  readonly product: string;
  readonly host: string;
  readonly create_time: Date;
  readonly display_name: string;
  readonly state: InstallationState;
  readonly state_time: Date | null;
  readonly state_party: Party | null;
  readonly state_why: string;
  readonly last_seen_time: Date;
  readonly application_version: string;
  readonly evidence: Buffer | null;
  readonly refresh_counter: bigint;
  readonly conflict_kind: ConflictKind | null;
  readonly conflict_time: Date | null;
  readonly conflict_host: string;
  readonly successor: Uuid | null;
}

/** The same with what tells machine and refreshes apart. */
export interface MachineRow extends InstallationRow {
  readonly public_key: Buffer;
  readonly refresh_request: Uuid | null;
  readonly forgiven: boolean;
  readonly fingerprint_salt: Buffer | null;
  readonly fingerprint: Readonly<Record<string, string>> | null;
}

/** The installation that a row holds. */
export function installationOf(row: InstallationRow): Installation {
  const { id, license, product, host, state, evidence, successor } = row;
  return {
    id,
    license,
    product,
    host,
    createTime: row.create_time.getTime(),
    displayName: row.display_name,
    state,
    ...stateChangeOf(row),
    lastSeenTime: row.last_seen_time.getTime(),
    applicationVersion: row.application_version,
    ...(evidence === null ? {} : { evidence: evidence.toString("base64") }),
    counter: Number(row.refresh_counter),
    ...conflictOf(row),
    ...(successor === null ? {} : { successor }),
  };
}

function stateChangeOf({ state_time: time, state_party: party, state_why: why }: InstallationRow) {
  if (time === null || party === null) return {};
  return { stateChange: { time: time.getTime(), party, why } };
}

function conflictOf({
  conflict_kind: kind,
  conflict_time: time,
  conflict_host: host,
}: InstallationRow) {
  if (kind === null || time === null) return {};
  return { conflict: { kind, time: time.getTime(), host } };
}

/** The installation and its machine that a row holds. */
export function machineOf(row: MachineRow): KnownMachine {
  const { fingerprint_salt: salt, fingerprint } = row;
  return {
    installation: installationOf(row),
    publicKey: row.public_key,
    fingerprint:
      salt === null || fingerprint === null
        ? undefined
        : { salt, components: new Map(Object.entries(fingerprint).map(fromHex)) },
    refreshRequest: row.refresh_request ?? undefined,
    forgiven: row.forgiven,
  };
}

/** Salt and digests as the database has them. */
export function fingerprintParameters(
  fingerprint: Fingerprint | undefined,
): readonly [salt: Uint8Array | null, digests: string | null] {
  if (fingerprint === undefined) return [null, null];
  const { salt, components } = fingerprint;
  const digests = [...components].map(([name, digest]) => [
    name,
    Buffer.from(digest).toString("hex"),
  ]);
  return [salt, JSON.stringify(Object.fromEntries(digests))];
}

function fromHex([name, digest]: [string, string]): [string, Uint8Array] {
  return [name, Buffer.from(digest, "hex")];
}
