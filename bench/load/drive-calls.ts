import type { CallPace, Report } from "./orders.ts";
import type { Party } from "./party.ts";
import type { CallMethod } from "./protocol.ts";
import { Tally } from "./tally.ts";

/** A call that can be made; `undefined` if a party has nothing to call for. */
interface Prepared {
  readonly party: Party;
  readonly path: string;
  readonly message: Buffer;
  /** @throws Error if the answer is not what it should be */
  readonly answered: (body: Buffer) => void;
}

const OK = 0;
/** Longer than any deadline: what is not answered by then never will be. */
const LAST_ANSWERS_MS = 10_000;
const LONGEST_RUN_MS = 900_000;

/** Makes unary calls for all parties in turn. */
export async function driveCalls(
  parties: readonly Party[],
  method: CallMethod,
  pace: CallPace,
): Promise<Report> {
  await Promise.all(parties.map((party) => party.freshen()));
  const run = new CallRun(parties, method, pace);
  return pace.kind === "open" ? run.open(pace.perSecond) : run.closed(pace.inFlight);
}

class CallRun {
  readonly #parties: readonly Party[];
  readonly #prepare: (party: Party) => Prepared | undefined;
  readonly #tally: Tally;
  readonly #until: number;
  #left: number;
  #turn = 0;
  #underWay = 0;
  #emptied: (() => void) | undefined;

  constructor(parties: readonly Party[], method: CallMethod, pace: CallPace) {
    const now = performance.now();
    const [warmUpMs, ms] = pace.kind === "count" ? [0, Infinity] : [pace.warmUpMs, pace.ms];
    this.#parties = parties;
    this.#prepare = PREPARE[method];
    this.#until = now + warmUpMs + ms;
    this.#left = pace.kind === "count" ? pace.count : Infinity;
    this.#tally = new Tally(now + warmUpMs, this.#until);
  }

  async closed(inFlight: number): Promise<Report> {
    const next = () => {
      if (performance.now() < this.#until && this.#left > 0) this.#call(performance.now(), next);
    };
    for (let slot = 0; slot < inFlight; slot += 1) next();
    return this.#over();
  }

  async open(perSecond: number): Promise<Report> {
    const begun = performance.now();
    let made = 0;
    await new Promise<void>((resolve) => {
      const tick = () => {
        const now = performance.now();
        for (; begun + (1_000 * made) / perSecond <= Math.min(now, this.#until); made += 1) {
          const due = begun + (1_000 * made) / perSecond;
          this.#call(due, () => {});
        }
        if (now >= this.#until) resolve();
        else setTimeout(tick, 1);
      };
      tick();
    });
    return this.#over();
  }

  #call(since: number, then: () => void): void {
    const prepared = this.#next();
    if (prepared === undefined) return;
    const { party, path, message } = prepared;
    this.#left -= 1;
    this.#underWay += 1;
    let answer: Error | "none" | "good" = "none";
    const call = party.connection().begin(party.headers(path, party.protocol.timeout), {
      message: (body) => {
        answer = checked(prepared, body);
      },
      ended: (code) => {
        this.#underWay -= 1;
        if (code !== OK) this.#tally.failed(code);
        else if (answer !== "good")
          this.#tally.failed(answer === "none" ? "no answer" : answer.message);
        else this.#tally.did(1, since, performance.now());
        then();
        if (this.#underWay === 0) this.#emptied?.();
      },
    });
    call.send(message, true);
  }

  #next(): Prepared | undefined {
    for (let tried = 0; tried < this.#parties.length; tried += 1) {
      const party = this.#parties[this.#turn++ % this.#parties.length];
      const prepared = party && this.#prepare(party);
      if (prepared) return prepared;
    }
    return undefined;
  }

  /** Waits for the answers that are still to come. */
  async #over(): Promise<Report> {
    if (this.#underWay > 0) {
      let limit: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
        const runMs = this.#until - performance.now();
        limit = setTimeout(resolve, Math.min(runMs + LAST_ANSWERS_MS, LONGEST_RUN_MS));
      });
      clearTimeout(limit);
    }
    if (this.#underWay > 0) this.#tally.failed("never answered", this.#underWay);
    return this.#tally.report(performance.now());
  }
}

function checked({ answered }: Prepared, body: Buffer): Error | "good" {
  try {
    answered(body);
    return "good";
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

const PREPARE: Readonly<Record<CallMethod, (party: Party) => Prepared | undefined>> = {
  acquire: (party) => {
    const { protocol, held } = party;
    const asked = protocol.acquire();
    return {
      party,
      path: protocol.paths.acquire,
      message: asked.message,
      answered: (body) => void held.push(protocol.granted(asked, body)),
    };
  },
  renew: (party) => {
    const { protocol } = party;
    const lease = party.nextHeld();
    if (!lease) return undefined;
    return {
      party,
      path: protocol.paths.renew,
      message: protocol.renew(lease),
      answered: (body) => {
        if (protocol.renewed(body).renewed !== 1) throw new Error("not renewed");
      },
    };
  },
  release: (party) => {
    const { protocol, held } = party;
    const lease = held.pop();
    if (!lease) return undefined;
    return {
      party,
      path: protocol.paths.release,
      message: protocol.release(lease),
      answered: () => {},
    };
  },
};
