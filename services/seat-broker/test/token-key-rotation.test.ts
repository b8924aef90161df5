import { seatBroker } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const [FORMER, OTHER, NEXT] = ["17".repeat(32), "04".repeat(32), "2b".repeat(32)];

/** As docs/operations/secrets.md has it: every broker gets each line-up before one gets the next. */
const STEPS = [[FORMER, NEXT], [NEXT, FORMER], [NEXT]];

/** Somebody who renews a lease at either broker in turn, for as long as it takes. */
class Holder {
  readonly outcomes = new Set<number>();
  readonly renewedAt = [0, 0];
  readonly #installation: Installation;
  readonly #leaseId: Buffer;
  #token: Buffer = Buffer.alloc(0);

  constructor(installation: Installation, leaseId: Buffer) {
    this.#installation = installation;
    this.#leaseId = leaseId;
  }

  async acquire(): Promise<void> {
    const holder = { ...seatBroker.Holder.fromPartial({ user: "ada", host: "difference" }) };
    const request = { leaseId: this.#leaseId, holder, claim: undefined };
    const { lease } = await this.#installation.broker.acquireSeat(request);
    this.#token = lease!.token;
  }

  async renewUntil(signal: AbortSignal): Promise<void> {
    for (let turn = 0; !signal.aborted; turn = 1 - turn) await this.#renewAt(turn);
  }

  /** A broker that is being restarted is left out; whatever else is thrown fails the test. */
  async #renewAt(broker: number): Promise<void> {
    try {
      const heartbeats = [{ leaseId: this.#leaseId, token: this.#token }];
      const { renewals } = await this.#installation.at(broker).renewSeats({ heartbeats });
      const { outcome, token } = renewals[0]!;
      this.outcomes.add(outcome);
      if (outcome !== seatBroker.RenewalOutcome.RENEWED) return;
      this.#token = token;
      this.renewedAt[broker]! += 1;
    } catch (error) {
      if (!isProblem(error, "DEPENDENCY_UNAVAILABLE") && !isProblem(error, "DRAINING")) throw error;
    }
  }
}

async function rotate(running: RunningBrokers, holder: Holder): Promise<void> {
  for (const keys of STEPS)
    for (const broker of [0, 1]) {
      await running.restart(broker, { leaseTokenKeys: keys });
      // Both lines-up serve together for a while, and take each other's tokens.
      const before = [...holder.renewedAt];
      await expect.poll(() => holder.renewedAt[0]!).toBeGreaterThan(before[0]! + 2);
      await expect.poll(() => holder.renewedAt[1]!).toBeGreaterThan(before[1]! + 2);
    }
}

test("the lease token keys change under two brokers that are renewed at, and no lease is lost", async () => {
  await using running = await runningBrokers({ brokers: 2 });
  const pool = somePool();
  await running.issue(pool);
  await running.restart(0, { leaseTokenKeys: [FORMER] });
  await running.restart(1, { leaseTokenKeys: [FORMER] });
  const ada = new Holder(await running.installation(pool), someLease(pool.license).bytes);
  await ada.acquire();
  const over = new AbortController();
  const renewing = ada.renewUntil(over.signal);
  try {
    await rotate(running, ada);
  } finally {
    over.abort();
    await renewing;
  }
  expect([...ada.outcomes]).toEqual([seatBroker.RenewalOutcome.RENEWED]);
});

test("a token of a key that a broker was never given renews nothing", async () => {
  await using running = await runningBrokers({ brokers: 2 });
  const pool = somePool();
  await running.issue(pool);
  await running.restart(1, { leaseTokenKeys: [OTHER] });
  const installation = await running.installation(pool);
  const leaseId = someLease(pool.license).bytes;
  const holder = seatBroker.Holder.fromPartial({ user: "ada", host: "difference" });
  const { lease } = await installation.broker.acquireSeat({ leaseId, holder, claim: undefined });
  const heartbeats = [{ leaseId, token: lease!.token }];
  const { renewals } = await installation.at(1).renewSeats({ heartbeats });
  expect(renewals[0]?.outcome).toBe(seatBroker.RenewalOutcome.TOKEN_INVALID);
});
