import type { BeatStream } from "./drive-streams.ts";
import { messagesOf } from "./drive-streams.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Report, SeatsPlan } from "./orders.ts";
import type { Party } from "./party.ts";
import type { BeatAnswer, HeldLease } from "./protocol.ts";
import { Tally } from "./tally.ts";

/** What one message may carry. */
const MOST_LEASES = 1_000;
const TICK_MS = 2;
const PROOFS_LOOKED_AT_MS = 30_000;
/** As the client library does: half of it to all of it, by chance. */
const REOPEN_AFTER_MS = 1_000;
const OK = 0;

/**
 * Keeps all leases of the streams up, the streams spread evenly over the time between two beats, and
 * acquires others beside them. The first beat of each stream is not counted, and has nothing beside it. Latencies are those
 * of the acquires; `count` are the leases that were renewed in time.
 */
export async function driveSeats(
  parties: readonly Party[],
  streams: readonly BeatStream[],
  plan: SeatsPlan,
): Promise<Report> {
  const begun = performance.now();
  const from = begun + plan.everyMs;
  const until = from + plan.ms;
  const run: Run = { plan, until, tally: new Tally(begun, from) };
  const kept = streams.map((stream, index) => {
    const first = begun + (plan.everyMs * (index + 0.5)) / streams.length;
    return new KeptStream(run, stream, first);
  });
  using _proofs = every(PROOFS_LOOKED_AT_MS, () => {
    for (const party of parties) void party.freshen();
  });
  const beat = inTurn(kept);
  await ticking(from, beat);
  run.tally = new Tally(from, until);
  await ticking(until, acquiring(run, parties), beat);
  await ticking(
    until + plan.patienceMs,
    () => {},
    () => {},
  );
  for (const stream of kept) stream.settle();
  const { latencies, failed, counts, ms } = run.tally.report(performance.now());
  return { latencies, failed, counts, ms, count: counts["beatsInTime"] ?? 0 };
}

/** Beats whose time has come. All streams have as long from one to the next, so whose turn it is, is known. */
function inTurn(streams: readonly KeptStream[]): (now: number) => void {
  let turn = 0;
  return (now) => {
    for (let isTime = true; isTime;) {
      isTime = streams[turn]?.beat(now) ?? false;
      if (isTime) turn = (turn + 1) % streams.length;
    }
  };
}

interface Run {
  readonly plan: SeatsPlan;
  readonly until: number;
  tally: Tally;
}

function ticking(until: number, ...work: readonly ((now: number) => void)[]): Promise<void> {
  return new Promise((resolve) => {
    const tick = () => {
      const now = performance.now();
      if (now >= until) return resolve();
      for (const one of work) one(now);
      setTimeout(tick, TICK_MS);
    };
    tick();
  });
}

function every(ms: number, work: () => void): Disposable {
  const timer = setInterval(work, ms);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** One of a stream's messages. */
interface SentBeat {
  readonly message: number;
  readonly dueAt: number;
  readonly leases: number;
  readonly tally: Tally;
}

/** A stream whose leases are renewed when it is time, and which goes elsewhere when its server is gone. */
class KeptStream {
  readonly #run: Run;
  readonly #stream: BeatStream;
  readonly #messages: readonly Buffer[];
  /** How many leases of each message were renewed, as it was answered last. */
  readonly #renewed: number[];
  #unanswered: SentBeat[] = [];
  #isOpen = true;
  #dueAt: number;

  constructor(run: Run, stream: BeatStream, firstAt: number) {
    this.#run = run;
    this.#stream = stream;
    this.#messages = messagesOf(stream, MOST_LEASES);
    this.#renewed = this.#messages.map((_, message) => this.#leasesIn(message));
    this.#dueAt = firstAt;
    stream.listener = {
      answered: (answer) => this.#answered(answer),
      ended: (status) => this.#ended(status),
    };
  }

  /** @returns whether it was time */
  beat(now: number): boolean {
    if (now < this.#dueAt) return false;
    const dueAt = this.#dueAt;
    this.#dueAt += this.#run.plan.everyMs;
    this.#send(dueAt);
    return true;
  }

  /** What was not answered by now never was; seats that the last answer did not renew, or whose stream is away, are lost. */
  settle(): void {
    const { tally } = this.#run;
    for (const sent of this.#unanswered) sent.tally.add("beatsUnanswered", sent.leases);
    const kept = this.#isOpen ? this.#renewed.reduce((sum, count) => sum + count, 0) : 0;
    tally.add("seatsLost", this.#stream.leases.length - kept);
    this.#stream.close();
  }

  #leasesIn(message: number): number {
    return Math.min(MOST_LEASES, this.#stream.leases.length - message * MOST_LEASES);
  }

  #send(dueAt: number): void {
    const { tally } = this.#run;
    for (const [message, bytes] of this.#messages.entries()) {
      const leases = this.#leasesIn(message);
      tally.add("beats", leases);
      if (!this.#isOpen) tally.add("beatsUnanswered", leases);
      else {
        this.#unanswered.push({ message, dueAt, leases, tally });
        this.#stream.send(bytes);
      }
    }
  }

  #answered({ renewed, lost, undecided }: BeatAnswer): void {
    const sent = this.#unanswered.shift();
    if (!sent) throw new Error("an answer to nothing that was sent");
    const { message, dueAt, tally } = sent;
    const isInTime = performance.now() - dueAt <= this.#run.plan.patienceMs;
    tally.add(isInTime ? "beatsInTime" : "beatsLate", renewed);
    tally.add("beatsUndecided", undecided);
    tally.add("beatsOfLost", lost);
    this.#renewed[message] = renewed;
  }

  #ended(status: number): void {
    const { tally, plan } = this.#run;
    for (const sent of this.#unanswered) sent.tally.add("beatsUnanswered", sent.leases);
    this.#unanswered = [];
    // Whoever is not taken in tries again by itself.
    if (!this.#isOpen) return;
    this.#isOpen = false;
    tally.add("streamsEnded");
    if (plan.elsewhere === undefined) tally.failed(status);
    else this.#comeLater(plan.elsewhere);
  }

  #comeLater(elsewhere: Endpoint): void {
    const wait = REOPEN_AFTER_MS * (0.5 + Math.random() / 2);
    setTimeout(() => void this.#come(elsewhere), wait);
  }

  /** Opens the stream at the other server, and renews at once, as clients do. */
  async #come(elsewhere: Endpoint): Promise<void> {
    const { tally, until } = this.#run;
    if (performance.now() > until) return;
    try {
      await moved(this.#stream.party, elsewhere);
      await this.#stream.open();
    } catch {
      tally.add("reopeningsFailed");
      this.#comeLater(elsewhere);
      return;
    }
    tally.add("streamsReopened");
    this.#isOpen = true;
    this.#send(performance.now());
  }
}

/** The streams of a party move together. */
const moves = new WeakMap<Party, Promise<void>>();

async function moved(party: Party, to: Endpoint): Promise<void> {
  const moving = moves.get(party) ?? party.move(to);
  moves.set(party, moving);
  try {
    await moving;
  } catch (error) {
    moves.delete(party);
    throw error;
  }
}

/** Seats that come and go: acquired when it is time, given back a while after they were granted. */
function acquiring({ plan, until, tally }: Run, parties: readonly Party[]): (now: number) => void {
  const begun = performance.now();
  let made = 0;
  return (now) => {
    for (;;) {
      const dueAt = begun + (1_000 * made) / plan.acquiresPerSecond;
      if (dueAt > Math.min(now, until)) return;
      const party = parties[made++ % parties.length];
      if (party) comeAndGo(party, dueAt, plan, tally);
    }
  };
}

function comeAndGo(party: Party, dueAt: number, { heldMs, elsewhere }: SeatsPlan, tally: Tally) {
  const { protocol } = party;
  const asked = protocol.acquire();
  let granted: HeldLease | undefined;
  const call = party.connection().begin(party.headers(protocol.paths.acquire, protocol.timeout), {
    message: (body) => (granted = protocol.granted(asked, body)),
    ended: (status) => {
      // While a server is gone its calls fail; that is counted, and no failure of the run.
      if (status !== OK && elsewhere) return tally.add("acquiresFailed");
      if (status !== OK || !granted) return tally.failed(status);
      tally.did(1, dueAt, performance.now());
      tally.add("acquires");
      const lease = granted;
      setTimeout(() => giveBack(party, lease, tally, elsewhere !== undefined), heldMs);
    },
  });
  call.send(asked.message, true);
}

function giveBack(party: Party, lease: HeldLease, tally: Tally, mayFail: boolean): void {
  const { protocol } = party;
  const headers = party.headers(protocol.paths.release, protocol.timeout);
  const call = party.connection().begin(headers, {
    message: () => {},
    ended: (status) => {
      if (status === OK) tally.add("releases");
      else if (mayFail) tally.add("releasesFailed");
      else tally.failed(status);
    },
  });
  call.send(protocol.release(lease), true);
}
