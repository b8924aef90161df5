import { seatBroker } from "@leasehold/contracts";
import { expect, test } from "vitest";
import type { BrokerClient } from "./dial-broker.ts";
import { leaseSeat } from "./lease-seat.ts";

test("a lease counts from before it was asked for, however long the answer took", async () => {
  let now = 1_000;
  const lease = seatBroker.Lease.fromPartial({ fencingToken: 7n });
  const broker: Pick<BrokerClient, "acquireSeat"> = {
    acquireSeat: () => {
      now += 2_000;
      return Promise.resolve({ lease, warnings: [] });
    },
  };
  const granted = await leaseSeat(
    {
      brokers: { inTurn: () => [broker] } as never,
      credentials: { correct: () => false, offset: 0 },
      elapsed: () => now,
      giveUp: () => undefined,
    },
    seatBroker.AcquireSeatRequest.fromPartial({}),
    new AbortController().signal,
  );
  expect(granted).toMatchObject({ lease, sentAt: 1_000 });
});
