import { isProblem } from "@leasehold/kernel";
import type { Dial } from "../../packages/client/src/dial-broker.ts";
import type { LossCause } from "../../packages/client/src/held-lease.ts";
import type { Installation } from "../../packages/client/src/installation.ts";
import type { Seat } from "../../packages/client/src/seat.ts";
import { SeatSession } from "../../packages/client/src/seat-session.ts";
import type { Dice } from "./dice.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** How an application uses its seats. Milliseconds. */
export interface Habits {
  readonly idleMs: number;
  readonly busyMs: number;
  /** How often it waits for a seat that is not free. */
  readonly waits: number;
  /** How often it changes its mind while it waits. */
  readonly givesUp: number;
}

/** Told of what an application goes through. */
export interface ApplicationEvents {
  asks(app: Application, waits: boolean): void;
  /** It got a place in the queue. */
  queued(app: Application): void;
  /** @param seat absent if it got none, for the reason given */
  answered(app: Application, seat: Seat | undefined, reason: string): void;
  ended(app: Application, how: LossCause | "revoked" | "released"): void;
  defect(failure: unknown): void;
}

export interface ApplicationParts {
  readonly process: VirtualProcess;
  readonly installation: Installation;
  readonly addresses: readonly string[];
  readonly dial: Dial;
  readonly dice: Dice;
  readonly habits: Habits;
  readonly events: ApplicationEvents;
}

/** A process that works with seats: one session of the SDK, one seat at a time. */
export class Application {
  readonly process: VirtualProcess;
  readonly #parts: ApplicationParts;
  readonly #session: SeatSession;
  #seat: Seat | undefined;
  #hurry = new AbortController();
  /** Whether it is to have a seat once more and then to end. */
  #isLast = false;
  /** Whether it ended. */
  isDone = false;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.process = parts.process;
    const { process, installation, addresses, dial, dice } = parts;
    this.#session = process.run(
      () =>
        new SeatSession(
          {
            installation,
            seatBrokers: addresses,
            application: "1",
            clock: process.clock,
            random: (length) => dice.bytes(length),
          },
          dial,
        ),
    );
    process.run(() => void this.#work().catch((failure) => parts.events.defect(failure)));
  }

  /** Whether it relies on a seat at this instant. A machine asleep relies on nothing until it wakes. */
  get holds(): boolean {
    const { isUp, isAsleep } = this.process;
    return isUp && !isAsleep && this.process.run(() => this.#seat?.held() === true);
  }

  /** Gives its seat back, wants another one, and ends when it has had it. */
  wantOneMore(): void {
    this.#isLast = true;
    this.#hurry.abort();
  }

  async #work(): Promise<void> {
    const { dice, habits } = this.#parts;
    for (let isLast = false; !isLast;) {
      const { signal } = (this.#hurry = new AbortController());
      isLast = this.#isLast;
      if (!isLast) await this.process.pause(dice.between(0, 2 * habits.idleMs), signal);
      const had = await this.#use(isLast, signal);
      if (isLast && !had) {
        isLast = false;
        await this.process.pause(500);
      }
    }
    await this.#session[Symbol.asyncDispose]();
    this.isDone = true;
  }

  /** @returns whether there was a seat */
  async #use(isLast: boolean, hurry: AbortSignal): Promise<boolean> {
    const { dice, habits, events } = this.#parts;
    const wait = isLast || dice.happens(habits.waits);
    const mind = new AbortController();
    if (!isLast && dice.happens(habits.givesUp))
      this.process.setTimer(dice.between(0, habits.busyMs), () => mind.abort());
    let isQueued = false;
    events.asks(this, wait);
    try {
      const onPosition = (): void => {
        if (!isQueued) events.queued(this);
        isQueued = true;
      };
      this.#seat = await this.#session.acquire({ wait, onPosition, signal: mind.signal });
      events.answered(this, this.#seat, "");
    } catch (failure) {
      if (!isProblem(failure)) throw failure;
      events.answered(this, undefined, failure.reason);
      return false;
    }
    await this.#hold(this.#seat, isLast ? habits.busyMs / 10 : 2 * habits.busyMs, hurry);
    return true;
  }

  async #hold(seat: Seat, ms: number, hurry: AbortSignal): Promise<void> {
    const { dice, events } = this.#parts;
    const over = new AbortController();
    seat.events.once("lost", ({ cause }) => {
      events.ended(this, cause);
      over.abort();
    });
    seat.events.once("revoked", () => {
      events.ended(this, "revoked");
      over.abort();
    });
    await this.process.pause(dice.between(0, ms), AbortSignal.any([over.signal, hurry]));
    if (seat.end !== "lost") {
      const releasing = seat.release();
      if (!over.signal.aborted) events.ended(this, "released");
      await releasing;
    }
    this.#seat = undefined;
  }
}
