import { isProblem, openSession, type SeatSession } from "@leasehold/client";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import { CarelessClient } from "./site/careless-client.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SEATS = 7;
const CLIENTS = 50;
const ACQUIRES_EACH = 4;
/** More than enough for everybody to have had a turn, on a busy machine. */
const LIMIT_MS = 90_000;

const SALE: Sale = {
  seats: SEATS,
  features: ["dataflow"],
  leaseTimes: { validityMs: 30_000, graceMs: 5_000 },
};

let story: Story;
let sold: Sold;
let machines: readonly Machine[];

beforeAll(async () => {
  story = await openStory({ seatBrokers: 2 });
  sold = await story.desk.sell(SALE);
  machines = await Promise.all(["mill", "store", "barrel"].map((name) => story.unlock(sold, name)));
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

/** Counts the seats that their holders may rely on, from after the grant until before the release. */
class Turnstile {
  most = 0;
  passed = 0;
  #inside = 0;

  enter(): void {
    this.#inside++;
    this.passed++;
    this.most = Math.max(this.most, this.#inside);
  }

  leave(): void {
    this.#inside--;
  }
}

/** Acquires until it gets a seat, works on it, and gives it back. */
async function takeATurn(
  session: SeatSession,
  turnstile: Turnstile,
  work: () => Promise<unknown>,
): Promise<void> {
  const seat = await until("a seat", LIMIT_MS, async () => {
    try {
      return await session.acquire();
    } catch (failure) {
      if (isProblem(failure, "NO_SEATS") || isProblem(failure, "DEADLINE_EXCEEDED"))
        return undefined;
      throw failure;
    }
  });
  turnstile.enter();
  await work();
  expect(seat.held()).toBe(true);
  turnstile.leave();
  await seat.release();
}

test("200 acquires of 50 clients at two seat-brokers never hold more than 7 seats at once", async () => {
  await using stack = new AsyncDisposableStack();
  const sessions = Array.from({ length: CLIENTS }, (_, i) =>
    stack.use(
      openSession({
        installation: machines[i % machines.length]!.installation,
        seatBrokers: story.cluster.addresses.seatBrokers,
        authorities: story.cluster.authorities,
        application: `studio ${i}`,
      }),
    ),
  );
  const turnstile = new Turnstile();
  const live = async () => (await story.desk.seats(sold.license.name)).length;
  let mostLive = 0;
  const work = async () => void (mostLive = Math.max(mostLive, await live()));
  await Promise.all(
    sessions.flatMap((session) =>
      Array.from({ length: ACQUIRES_EACH }, () => takeATurn(session, turnstile, work)),
    ),
  );
  expect(turnstile.passed).toBe(CLIENTS * ACQUIRES_EACH);
  expect(turnstile.most).toBe(SEATS);
  expect(mostLive).toBe(SEATS);
  expect(await live()).toBe(0);
}, 120_000);

test("a lease that is asked for again and again, at both seat-brokers at once, is one lease", async () => {
  await using stack = new AsyncDisposableStack();
  const clients = story.cluster.addresses.seatBrokers.flatMap((address) =>
    machines.map(({ installation }) =>
      stack.use(new CarelessClient(installation, story.cluster.connect(address))),
    ),
  );
  // One machine's client at each broker: a lease id belongs to the installation that used it first.
  const [here, there] = [clients[0]!, clients[machines.length]!];
  const leaseIds = Array.from({ length: 3 * SEATS }, () => here.newLeaseId());
  const ask = async (leaseId: Buffer) => {
    const answers = await Promise.all(
      [here, there, here, there].map((asked) =>
        asked.acquire(leaseId).catch((failure: unknown) => {
          if (isProblem(failure, "NO_SEATS")) return undefined;
          throw failure;
        }),
      ),
    );
    return [...new Set(answers.map((lease) => lease?.fencingToken))];
  };
  const fences = await Promise.all(leaseIds.map(ask));
  const granted = fences.filter((fence) => fence.some((token) => token !== undefined));
  expect(granted).toHaveLength(SEATS);
  for (const fence of granted) expect(fence.filter((token) => token !== undefined)).toHaveLength(1);
  expect(new Set(granted.flat().filter((token) => token !== undefined)).size).toBe(SEATS);
  expect(await story.desk.seats(sold.license.name)).toHaveLength(SEATS);
  await Promise.all(
    leaseIds.flatMap((leaseId) => [here, there].map(({ stub }) => stub.releaseSeat({ leaseId }))),
  );
  expect(await story.desk.seats(sold.license.name)).toHaveLength(0);
  for (const leaseId of leaseIds.slice(0, 3))
    await expect(there.acquire(leaseId)).rejects.toMatchObject({ reason: "LEASE_RELEASED" });
});
