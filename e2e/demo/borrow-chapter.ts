import { openSession, type Seat } from "@leasehold/client";
import type { Machine } from "../site/machine.ts";
import type { Cast, Stage } from "./stage.ts";

/** No service answers at this address: what is done there needs no network. */
const NOWHERE = ["127.0.0.1:9"];

/** J5: a seat leaves the house. */
export async function borrowChapter(stage: Stage, { machines, agents }: Cast): Promise<void> {
  const { narrator, desk, sold } = stage;
  const [, , , fourth] = agents;
  const machine = machines[3];
  narrator.chapter("A seat is borrowed for a day");
  if (machine === undefined) return;
  await fourth.release();
  {
    await using online = sessionOn(machine, stage.cluster.addresses.seatBrokers, stage.cluster);
    const seat = await online.acquire({ user: "luigi" });
    await seat.borrow({ days: 1 });
  }
  {
    await using offline = sessionOn(machine, NOWHERE, stage.cluster);
    const seats = await offline.borrowedSeats();
    narrator.check("without a network it is held, by a new process too", isHeld(seats), seats);
  }
  const refused = await fourth.acquire("luigi");
  const live = (await desk.seats(sold.license.name)).length;
  const taken = refused.kind === "refused" && refused.reason === "NO_SEATS" && live === 3;
  narrator.check("nobody else gets it meanwhile, though nobody renews it", taken, refused);
  await using back = sessionOn(machine, stage.cluster.addresses.seatBrokers, stage.cluster);
  for (const seat of await back.borrowedSeats()) await seat.release();
  const outcome = await fourth.acquire("luigi");
  narrator.check("checked in early, it is free at once", outcome.kind === "acquired", outcome);
}

function sessionOn(
  { installation }: Machine,
  seatBrokers: readonly string[],
  { authorities }: Stage["cluster"],
) {
  return openSession({ installation, seatBrokers, authorities, application: "demo 1.0" });
}

function isHeld(seats: readonly Seat[]): boolean {
  return seats.length === 1 && seats.every((seat) => seat.held());
}
