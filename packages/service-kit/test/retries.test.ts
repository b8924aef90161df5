import { expect, test } from "vitest";
import { seatBroker } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import { running } from "./running-server.ts";
import { broker, brokerDefinition, LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };
const { acquireSeat } = seatBroker.SeatBrokerServiceDefinition.methods;
/** The same method without its promise that repeating it is harmless. */
const once = {
  ...brokerDefinition,
  methods: {
    acquireSeat: {
      ...acquireSeat,
      options: { _unknownFields: acquireSeat.options._unknownFields },
    },
  },
} as const;

test.each([
  [
    "again, as repeating it is harmless, when the server cannot be reached",
    brokerDefinition,
    "DEPENDENCY_UNAVAILABLE",
    3,
  ],
  [
    "once, although repeating it is harmless, when it failed otherwise",
    brokerDefinition,
    "NO_SEATS",
    1,
  ],
  ["once, when nothing says that repeating it is harmless", once, "DEPENDENCY_UNAVAILABLE", 1],
] as const)("a call is made %s", async (_, definition, reason, calls) => {
  let made = 0;
  const failing = () => {
    made += 1;
    return made < 3
      ? Promise.reject(new Problem(reason))
      : Promise.resolve({ lease: undefined, warnings: [] });
  };
  await using kit = await running(
    { bindings: [broker({ acquireSeat: failing })] },
    { services: [definition] },
  );
  const answer = kit.as(definition, "installation").acquireSeat(request);
  const outcome = await answer.catch((thrown: unknown) => thrown);
  expect(outcome).toMatchObject(calls === 3 ? { lease: undefined, warnings: [] } : { reason });
  expect(made).toBe(calls);
});

test("a wait that outlasts the caller's deadline is told at once, and left to the caller", async () => {
  const recovering = () => Promise.reject(new Problem("RECOVERING", { retryAfterMs: 60_000 }));
  await using kit = await running(
    { bindings: [broker({ acquireSeat: recovering })] },
    { services: [brokerDefinition] },
  );
  const answer = kit.as(brokerDefinition, "installation").acquireSeat(request);
  await expect(answer).rejects.toMatchObject({ reason: "RECOVERING", retryAfterMs: 60_000 });
});
