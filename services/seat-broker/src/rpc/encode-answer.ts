import { durationFromMs, Duration } from "@leasehold/contracts";
import { tokenLength } from "../domain/lease-token.ts";
import type { AnsweredHeartbeats } from "./heartbeats.ts";
import { renewedFacts } from "../use-cases/renew-leases.ts";
import { type NextTokens, outcomeOf } from "./present-renewals.ts";
import { WireBuffer, wireLength } from "./wire-buffer.ts";

// Tags of KeepAliveResponse and of its Renewal.
const SEQ = 0x08;
const RENEWALS = 0x12;
const LEASE_ID = 0x0a;
const OUTCOME = 0x10;
const VALIDITY = 0x1a;
const TOKEN = 0x22;

const OUTCOME_LENGTH = 2;
const NOTHING = new Uint8Array();

// One for all, which keeps the memory of the largest answer.
const wire = new WireBuffer();

/**
 * Encodes the KeepAliveResponse that answers a message: what the codec of the contract makes of `presentRenewals`. It is
 * what a seat-broker does most, and so it is written in one go, each token in its place, without an object for any of it.
 */
export function encodeAnswer(
  seq: bigint,
  { tokens, installation }: NextTokens,
  { heartbeats, leases, renewals }: AnsweredHeartbeats,
): Buffer {
  wire.begin();
  if (seq !== 0n) wire.bigNumber(SEQ, seq);
  for (const [index, { leaseId }] of heartbeats.entries()) {
    const lease = leases[index];
    const renewal = renewals[index];
    const renewed = lease && renewal?.kind === "renewed" ? renewal : undefined;
    const validity = renewed ? encodedDuration(renewed.validityMs) : NOTHING;
    const tokenBytes = lease && renewed ? tokenLength(lease.claim) : 0;
    wire.number(
      RENEWALS,
      wireLength(leaseId.length) +
        OUTCOME_LENGTH +
        wireLength(validity.length) +
        wireLength(tokenBytes),
    );
    wire.bytes(LEASE_ID, leaseId);
    wire.number(OUTCOME, outcomeOf(renewal));
    wire.bytes(VALIDITY, validity);
    if (!lease || !renewed) continue;
    wire.number(TOKEN, tokenBytes);
    const at = wire.take(tokenBytes);
    const subject = { id: { bytes: leaseId }, installation };
    tokens.write(subject, renewedFacts(lease, renewed), wire.buffer, at);
  }
  return wire.end();
}

let lastMs = 0;
let lastEncoded: Uint8Array = NOTHING;

/** Most leases have the same validity. */
function encodedDuration(ms: number): Uint8Array {
  if (ms !== lastMs) lastEncoded = Duration.encode(durationFromMs(ms)).finish();
  lastMs = ms;
  return lastEncoded;
}
