import { setTimeout as pause } from "node:timers/promises";
import { msFromDuration, type seatBroker } from "@leasehold/contracts";
import { type ErrorReason, isProblem } from "@leasehold/kernel";
import type { BrokerClient } from "./dial-broker.ts";
import { type Granted, isUndecided, type LeasePorts, tryToLease } from "./lease-seat.ts";

/** A place in the queue for a seat. */
export interface QueuePosition {
  /** How many wait ahead. */
  readonly ahead: number;
  /** How long it may take, in milliseconds; `undefined` if unknown. */
  readonly estimateMs: number | undefined;
}

/** What queueing for a seat needs. */
export interface QueuePorts extends LeasePorts {
  /** 0 to 1, evenly. */
  readonly chance: () => number;
  readonly onPosition: (position: QueuePosition) => void;
}

interface Place {
  readonly request: seatBroker.AcquireSeatRequest;
  /** The newest proof of it; empty at first. */
  ticket: Buffer;
}

/** The longest wait between two attempts. The queue forgets whoever is away for much longer. */
const LONGEST_PAUSE_MS = 1_000;
const MOST_DOUBLINGS = 3;

/**
 * Waits in the queue until a seat is offered, and leases it. Seat-brokers that go away
 * cost no place: the next one is shown the ticket.
 * @throws Problem why there will be no seat, or CANCELLED. The place is given up, and
 *   whatever may have been granted.
 */
export async function queueForSeat(
  ports: QueuePorts,
  request: seatBroker.AcquireSeatRequest,
  signal: AbortSignal,
): Promise<Granted> {
  const place: Place = { request, ticket: Buffer.alloc(0) };
  try {
    for (let failures = 0; ; failures++) {
      await untilOffered(ports, place, signal);
      const leasing = await tryToLease(ports, request, signal);
      if (leasing.kind === "leased") return leasing;
      const { failure } = leasing;
      if (signal.aborted || !(isUndecided(failure) || mayPass(failure))) throw failure;
      await backOff(ports, { failures, last: failure }, signal);
    }
  } catch (failure) {
    ports.giveUp(request.leaseId);
    throw failure;
  }
}

/**
 * What a wait outlasts: an offer had lapsed, data was lost in between, the pool is drained for a
 * while, or too many wait with this installation's certificate.
 */
const PASSING: readonly ErrorReason[] = ["NO_SEATS", "RECOVERING", "POOL_DRAINED", "RATE_LIMITED"];

function mayPass(failure: unknown): boolean {
  return isProblem(failure) && PASSING.includes(failure.reason);
}

async function untilOffered(ports: QueuePorts, place: Place, signal: AbortSignal): Promise<void> {
  for (let failures = 0; ; failures++) {
    let last: unknown;
    for (const broker of ports.brokers.inTurn()) {
      const dated = ports.credentials.offset;
      try {
        if (await follow(ports, broker, place, signal)) return;
      } catch (failure) {
        last = failure;
        const again = ports.credentials.correct(failure, dated) || isUndecided(failure);
        if (signal.aborted || !(again || mayPass(failure))) throw failure;
        if (!again) break; // a decision, which another seat-broker would only repeat
      }
    }
    await backOff(ports, { failures, last }, signal);
  }
}

/** @returns whether a seat was offered before the stream ended */
async function follow(
  { onPosition }: QueuePorts,
  broker: BrokerClient,
  place: Place,
  signal: AbortSignal,
): Promise<boolean> {
  const { request } = place;
  for await (const { ticket, state } of broker.waitForSeat(
    { ...request, ticket: place.ticket },
    { signal },
  )) {
    place.ticket = ticket;
    if (state?.$case === "offer") return true;
    if (state?.$case !== "position") continue;
    const { ahead, estimate } = state.value;
    onPosition({ ahead, estimateMs: estimate && msFromDuration(estimate) });
  }
  return false;
}

/**
 * Never shorter than the seat-broker that refused last asked for. Ends early, and well, when the
 * signal fires: the next attempt tells of it.
 */
async function backOff(
  { chance }: QueuePorts,
  { failures, last }: { readonly failures: number; readonly last: unknown },
  signal: AbortSignal,
): Promise<void> {
  const longest = LONGEST_PAUSE_MS * 2 ** (Math.min(failures, MOST_DOUBLINGS) - MOST_DOUBLINGS);
  const own = longest * (0.5 + chance() / 2);
  const ms = Math.max(own, askedPause(last) * (1 + chance() / 10));
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

/** What NO_SEATS asks for is meant for those who do not wait: its queue costs nobody anything. */
function askedPause(failure: unknown): number {
  return isProblem(failure) && failure.reason !== "NO_SEATS" ? (failure.retryAfterMs ?? 0) : 0;
}
