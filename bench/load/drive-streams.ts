import type { LoadCall } from "./load-call.ts";
import type { RenewAllPace, Report, StreamPace } from "./orders.ts";
import type { Party } from "./party.ts";
import type { BeatAnswer, HeldLease } from "./protocol.ts";
import { Tally } from "./tally.ts";

const OPENING_LIMIT_MS = 60_000;
const LAST_ANSWERS_MS = 10_000;

/** Who hears of the answers on a stream, which come in the order of the messages. */
export interface StreamListener {
  answered(answer: BeatAnswer): void;
  ended(status: number): void;
}

/** An open stream, and the leases that are renewed on it. */
export class BeatStream {
  readonly party: Party;
  readonly leases: readonly HeldLease[];
  listener: StreamListener | undefined;
  #call: LoadCall | undefined;
  #endedWith: number | undefined;

  constructor(party: Party, leases: readonly HeldLease[]) {
    this.party = party;
    this.leases = leases;
  }

  /** The status that it ended with; `undefined` while it is open. */
  get endedWith(): number | undefined {
    return this.#endedWith;
  }

  /** Resolves when the server has answered, if it does that to the first message. */
  async open(): Promise<void> {
    const { protocol } = this.party;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#endedWith = undefined;
    this.#call = this.party.connection().begin(this.party.headers(protocol.paths.stream), {
      message: (body) => {
        resolve();
        const answer = protocol.answered(body);
        // The answer to the opening renews nothing.
        if (answer && answer.renewed + answer.lost + answer.undecided > 0)
          this.listener?.answered(answer);
      },
      ended: (status) => {
        this.#endedWith = status;
        reject(new Error(`a stream ended with status ${status}`));
        this.listener?.ended(status);
      },
    });
    if (protocol.opening) this.#call.send(protocol.opening, false);
    else resolve();
    const limit = setTimeout(
      () => reject(new Error(`a stream was not answered within ${OPENING_LIMIT_MS} ms`)),
      OPENING_LIMIT_MS,
    );
    await promise.finally(() => clearTimeout(limit));
  }

  send(message: Buffer): void {
    this.#call?.send(message, false);
  }

  close(): void {
    this.listener = undefined;
    this.#call?.cancel();
  }
}

/** Opens streams, and deals a party's leases out to its own. */
export async function openStreams(
  parties: readonly Party[],
  perParty: number,
): Promise<readonly BeatStream[]> {
  const streams: BeatStream[] = [];
  for (const party of parties) {
    await party.freshen();
    const each = Math.ceil(party.held.length / perParty);
    const own = Array.from(
      { length: perParty },
      (_, index) => new BeatStream(party, party.held.slice(index * each, (index + 1) * each)),
    );
    await Promise.all(own.map((stream) => stream.open()));
    streams.push(...own);
  }
  return streams;
}

/** Sends messages on all streams, the next one when one was answered. Counts leases. */
export async function driveStreams(
  streams: readonly BeatStream[],
  { leasesPerMessage, depth, warmUpMs, ms }: StreamPace,
): Promise<Report> {
  const begun = performance.now();
  const until = begun + warmUpMs + ms;
  const tally = new Tally(begun + warmUpMs, until);
  const done = Promise.all(
    streams.map((stream) =>
      beat(stream, messagesOf(stream, leasesPerMessage), depth, until, tally),
    ),
  );
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    limit = setTimeout(() => resolve("late"), warmUpMs + ms + LAST_ANSWERS_MS);
  });
  if ((await Promise.race([done, late])) === "late") tally.failed("never answered");
  clearTimeout(limit);
  for (const stream of streams) stream.listener = undefined;
  return tally.report(performance.now());
}

/** Has every lease renewed once: a message whose leases were not all is sent again. Ends when all are. */
export async function renewAll(
  streams: readonly BeatStream[],
  { leasesPerMessage, limitMs }: RenewAllPace,
): Promise<Report> {
  const begun = performance.now();
  const tally = new Tally(begun, Number.POSITIVE_INFINITY);
  const done = Promise.all(
    streams.map((stream) => renewOnce(stream, messagesOf(stream, leasesPerMessage), tally)),
  );
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    limit = setTimeout(() => resolve("late"), limitMs);
  });
  if ((await Promise.race([done, late])) === "late") tally.failed("not renewed in time");
  clearTimeout(limit);
  for (const stream of streams) stream.listener = undefined;
  return tally.report(performance.now());
}

function renewOnce(stream: BeatStream, messages: readonly Buffer[], tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    let turn = 0;
    let sentAt = 0;
    const send = () => {
      const message = messages[turn];
      if (!message) return resolve();
      sentAt = performance.now();
      stream.send(message);
    };
    stream.listener = {
      answered: ({ renewed, lost, undecided }) => {
        if (lost > 0) {
          tally.failed("lease gone", lost);
          return resolve();
        }
        if (undecided === 0) {
          turn += 1;
          tally.did(renewed, sentAt, performance.now());
        }
        send();
      },
      ended: (status) => {
        tally.failed(status);
        resolve();
      },
    };
    send();
  });
}

export function messagesOf(stream: BeatStream, leasesPerMessage: number): readonly Buffer[] {
  const { leases, party } = stream;
  const messages: Buffer[] = [];
  for (let from = 0; from < leases.length; from += leasesPerMessage)
    messages.push(party.protocol.beats(leases.slice(from, from + leasesPerMessage)));
  if (messages.length === 0) throw new RangeError("a stream has no lease to renew");
  return messages;
}

function beat(
  stream: BeatStream,
  messages: readonly Buffer[],
  depth: number,
  until: number,
  tally: Tally,
): Promise<void> {
  return new Promise((resolve) => {
    const sentAt: number[] = [];
    let turn = 0;
    const send = () => {
      const message = messages[turn++ % messages.length];
      if (!message) return;
      sentAt.push(performance.now());
      stream.send(message);
    };
    stream.listener = {
      answered: ({ renewed, lost, undecided }) => {
        const now = performance.now();
        const since = sentAt.shift() ?? now;
        tally.did(renewed, since, now);
        if (lost > 0) tally.failed("lease gone", lost);
        if (undecided > 0) tally.failed("undecided", undecided);
        if (now < until) send();
        else if (sentAt.length === 0) resolve();
      },
      ended: (status) => {
        tally.failed(status);
        resolve();
      },
    };
    if (stream.endedWith !== undefined) stream.listener.ended(stream.endedWith);
    else for (let sent = 0; sent < depth; sent += 1) send();
  });
}
