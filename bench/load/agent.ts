/*
 * A process of the load generator. It is told what to do by the process that started it, and
 * answers each order with a report. It ends with that process.
 */
import { driveCalls } from "./drive-calls.ts";
import { driveSeats } from "./drive-seats.ts";
import { type BeatStream, driveStreams, openStreams, renewAll } from "./drive-streams.ts";
import { NOTHING, type Order, type Report } from "./orders.ts";
import { Party } from "./party.ts";

interface Fleet {
  readonly parties: readonly Party[];
  streams: readonly BeatStream[];
}

const OPENED_AT_A_TIME = 50;
const fleets = new Map<string, Fleet>();

function fleetOf(name: string): Fleet {
  const fleet = fleets.get(name);
  if (!fleet) throw new RangeError(`there is no fleet ${name}`);
  return fleet;
}

async function open({ fleet, parties, connections }: Order & { readonly kind: "open" }) {
  const opened: Party[] = [];
  for (let from = 0; from < parties.length; from += OPENED_AT_A_TIME) {
    const some = parties.slice(from, from + OPENED_AT_A_TIME);
    opened.push(...(await Promise.all(some.map((spec) => Party.open(spec, connections)))));
  }
  fleets.set(fleet, { parties: opened, streams: [] });
  return NOTHING;
}

async function carryOut(order: Order): Promise<Report> {
  switch (order.kind) {
    case "open":
      return open(order);
    case "call":
      return driveCalls(fleetOf(order.fleet).parties, order.method, order.pace);
    case "streams": {
      const fleet = fleetOf(order.fleet);
      fleet.streams = await openStreams(fleet.parties, order.perParty);
      return { ...NOTHING, count: fleet.streams.length };
    }
    case "beat":
      return driveStreams(fleetOf(order.fleet).streams, order.pace);
    case "renew-all":
      return renewAll(fleetOf(order.fleet).streams, order.pace);
    case "keep": {
      const { parties, streams } = fleetOf(order.fleet);
      return driveSeats(parties, streams, order.plan);
    }
    case "close": {
      const { parties, streams } = fleetOf(order.fleet);
      for (const stream of streams) stream.close();
      for (const party of parties) party.close();
      fleets.delete(order.fleet);
      return NOTHING;
    }
    default:
      return order satisfies never;
  }
}

/** What the other side gets for an order. */
export interface AgentAnswer {
  readonly id: number;
  readonly report?: Report;
  readonly error?: string;
}

process.on("message", ({ id, order }: { readonly id: number; readonly order: Order }) => {
  carryOut(order).then(
    (report) => process.send?.({ id, report } satisfies AgentAnswer),
    (thrown: unknown) =>
      process.send?.({
        id,
        error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      } satisfies AgentAnswer),
  );
});
process.on("disconnect", () => process.exit());
