import { isProblem, type Uuid } from "@leasehold/kernel";
import { brokerLeaves } from "../domain/seat-problems.ts";
import { type Standing, waitEstimate } from "../domain/wait-estimate.ts";
import type { Place } from "../domain/wait-ticket.ts";
import { decide, type DecidePorts } from "./decide.ts";
import { decideClaimOf } from "./decide-claim.ts";
import type { BarredInstallations } from "./barred-installations.ts";
import type { LicenseWatchers } from "./license-watchers.ts";
import type { Pause, SeatStore, WaitOutcome, WaitRequest } from "./ports.ts";
import type { SeatWakes } from "./seat-wakes.ts";
import { unavailable } from "./unavailable.ts";

/** What a waiter is told. Durations in milliseconds. */
export type WaitStep =
  | {
      readonly kind: "position";
      readonly place: Place;
      readonly ahead: number;
      readonly estimateMs: number | undefined;
    }
  | { readonly kind: "offer"; readonly place: Place; readonly lapsesInMs: number };

export interface WaitForSeatPorts extends DecidePorts {
  readonly seats: Pick<SeatStore, "wait" | "leaveQueue" | "readIncarnation">;
  readonly wakes: SeatWakes;
  readonly watchers: LicenseWatchers;
  readonly barred: Pick<BarredInstallations, "admit">;
  readonly pause: Pause;
  /** A number from 0 to 1, for jitter. */
  readonly chance: () => number;
}

/** Who ends a wait. */
export interface WaitEnd {
  /** The client has gone. */
  readonly gone: AbortSignal;
  /** The broker is going away: the client is to wait elsewhere. */
  readonly leaving: AbortSignal;
}

/** How often the queue is asked at least. Three times in the patience that it has with waiters. */
const LONGEST_PAUSE_MS = 1_000;
const SHORTEST_PAUSE_MS = 50;
/** How old a ticket becomes before a new one is given. */
const TICKET_AGE_MS = 15_000;
/** Who is this far in front is woken by hints, and asks when a lease runs out. */
const FRONT = 16;

/**
 * Waits in the queue until a seat is offered, and tells of each change of the place. A
 * pool that recovers is waited for. When the client goes its place is free at once; it may
 * come back with its ticket. When the broker goes the place stays, for the time that the
 * client takes to find another one.
 * @throws Problem that says why there will be no seat; DRAINING when the broker goes; OVERLOADED
 *   in place of the first step
 */
export async function* waitForSeat(
  ports: WaitForSeatPorts,
  request: WaitRequest,
  end: WaitEnd,
): AsyncGenerator<WaitStep, void, undefined> {
  const over = AbortSignal.any([end.gone, end.leaving]);
  let { place } = request;
  let joined: Standing | undefined;
  let told: Standing | undefined;
  let offered = false;
  try {
    while (!over.aborted) {
      const outcome = await ask(ports, { ...request, place }, joined !== undefined);
      if (outcome.kind === "turn") {
        offered = true;
        yield { ...outcome, kind: "offer" };
        return;
      }
      if (outcome.kind === "waiting") {
        ({ place } = outcome);
        const now = { ahead: outcome.ahead, at: place.seenAt };
        joined ??= now;
        if (now.ahead !== told?.ahead || now.at - told.at >= TICKET_AGE_MS) {
          told = now;
          const estimateMs = waitEstimate(joined, now);
          yield { kind: "position", place, ahead: now.ahead, estimateMs };
        }
      }
      await rest(ports, request.license, outcome, over);
    }
    if (!end.gone.aborted) throw brokerLeaves();
  } finally {
    // Over a failure the place lapses by itself, unless the client is back with it before.
    if (end.gone.aborted && !end.leaving.aborted && !offered) await leave(ports, request);
  }
}

type InQueue = Extract<WaitOutcome, { readonly place: Place }>;
type Standstill =
  | Extract<InQueue, { readonly kind: "waiting" }>
  | { readonly kind: "undecided"; readonly nextInMs: number };

/** @param joined who waits already goes on; a broker with too much to do takes nobody new */
async function ask(
  ports: WaitForSeatPorts,
  request: WaitRequest,
  joined: boolean,
): Promise<InQueue | Standstill> {
  const { license, holder } = request;
  ports.barred.admit({ license, installation: holder.installation });
  try {
    const outcome = await decide(ports, request.license, async () =>
      ports.seats.wait(request, await decideClaimOf(ports.terms, request)),
    );
    if (outcome.kind === "turn" || outcome.kind === "waiting") return outcome;
    throw unavailable(outcome);
  } catch (error) {
    if (!isProblem(error, "RECOVERING") && !(joined && isProblem(error, "OVERLOADED"))) throw error;
    return { kind: "undecided", nextInMs: error.retryAfterMs ?? LONGEST_PAUSE_MS };
  }
}

/** Until the place may have changed. */
async function rest(
  { wakes, watchers, pause, chance }: WaitForSeatPorts,
  license: Uuid,
  standstill: Standstill,
  over: AbortSignal,
): Promise<void> {
  const bell = new AbortController();
  const ring = (): void => bell.abort();
  const front = standstill.kind === "undecided" || standstill.ahead < FRONT;
  const unwatch = [
    ...(front ? [wakes.watch(license, ring)] : []),
    watchers.watch(license, ring), // more seats, or no license
  ];
  const longest = LONGEST_PAUSE_MS * (0.8 + chance() / 5);
  const ms = front ? Math.min(standstill.nextInMs, longest) : longest;
  await pause(Math.max(ms, SHORTEST_PAUSE_MS), AbortSignal.any([over, bell.signal]));
  for (const end of unwatch) end();
}

async function leave(
  { seats, wakes }: WaitForSeatPorts,
  { license, id }: WaitRequest,
): Promise<void> {
  try {
    await seats.leaveQueue(license, id);
    wakes.wake(license);
  } catch (error) {
    // The place lapses by itself.
    if (!isProblem(error)) throw error;
  }
}
