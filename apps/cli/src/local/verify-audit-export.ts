import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import {
  type AuditCheckpointClaims,
  type AuditEntry,
  type AuditHead,
  CHAIN_START,
  follows,
  verifyAuditCheckpoint,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { Given } from "../build-request.ts";
import { fileText } from "../flag-values.ts";
import { isObject, type Json, textOf } from "../json.ts";
import type { CarryOut } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Goes through entries that `audit export` wrote, from the first one on. Needs no connection.
 * @throws Error that tells the first entry that is not as it was made
 */
export const verifyAuditExport: CarryOut = async ({ argument = "-", given }) => {
  const checkpoint = await checkpointIn(given);
  let head: AuditHead = CHAIN_START;
  for await (const line of linesOf(argument)) {
    const number = head.sequence + 1n;
    const entry = entryIn(line);
    if (entry === undefined) throw new Error(`line ${number} is no entry of an export`);
    if (!follows(head, entry))
      throw new Error(`entry ${number} is missing, changed, put in or out of order`);
    head = { sequence: entry.sequence, hash: entry.hash };
    if (checkpoint && head.sequence === BigInt(checkpoint.sequence)) compare(checkpoint, head);
  }
  if (checkpoint && head.sequence < BigInt(checkpoint.sequence))
    throw new Error(`the end is missing: the checkpoint covers ${checkpoint.sequence} entries`);
  return {
    entries: String(head.sequence),
    hash: Buffer.from(head.hash).toString("base64"),
    ...(checkpoint && { checkpoint: String(checkpoint.sequence) }),
  };
};

function compare({ sequence, hash }: AuditCheckpointClaims, head: AuditHead): void {
  if (!Buffer.from(hash).equals(head.hash))
    throw new Error(`the checkpoint tells of another entry ${sequence}: the log was made anew`);
}

/** @throws Error if it is not the deployment's; UsageError if it is not said what to verify it by */
async function checkpointIn(given: Given): Promise<AuditCheckpointClaims | undefined> {
  const { checkpointFile, trustBundleFile, trustRoot } = given;
  if (checkpointFile === undefined) return undefined;
  if (typeof trustBundleFile !== "string" || typeof trustRoot !== "string")
    throw new UsageError("a checkpoint is verified by --trust-bundle-file and --trust-root");
  if (!/^[0-9a-f]{64}$/i.test(trustRoot))
    throw new UsageError("--trust-root is 64 hexadecimal digits");
  const trust = await verifyTrustBundle(fileText(trustBundleFile), Buffer.from(trustRoot, "hex"));
  if (trust.kind === "refused") throw new Error(`the trust bundle is refused: ${trust.fault}`);
  const checkpoint = await verifyAuditCheckpoint(fileText(String(checkpointFile)), trust.claims);
  if (checkpoint.kind === "refused")
    throw new Error(`the checkpoint is refused: ${checkpoint.fault}`);
  return checkpoint.claims;
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: path === "-" ? process.stdin : createReadStream(path) });
}

function entryIn(line: string): AuditEntry | undefined {
  const entry = parsed(line);
  if (entry === undefined || !isObject(entry)) return undefined;
  const said = (field: string) => textOf(entry[field]);
  const bytes = (field: string) => new Uint8Array(Buffer.from(said(field), "base64"));
  const timeUs = microsecondsOf(said("time"));
  if (!/^\d{1,18}$/.test(said("sequence")) || timeUs === undefined) return undefined;
  return {
    sequence: BigInt(said("sequence")),
    timeUs,
    subject: said("subject"),
    method: said("method"),
    resource: said("resource"),
    why: said("why"),
    requestId: said("requestId"),
    requestSha256: bytes("requestSha256"),
    hash: bytes("hash"),
  };
}

function parsed(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

/** Of a time in RFC 3339, in UTC, with up to nine digits behind the seconds. */
function microsecondsOf(time: string): bigint | undefined {
  const [, seconds, fraction = ""] = /^([^.Z]+)(?:\.(\d{1,9}))?Z$/.exec(time) ?? [];
  const ms = Date.parse(`${seconds}Z`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}
