import { join } from "node:path";
import {
  isProblem,
  openInstallation,
  openSession,
  refreshInstallation,
  type Seat,
  type SeatSession,
} from "@leasehold/client";
import { LicensingDesk, type Sale } from "@leasehold/e2e/desk";
import { unlockMachine } from "@leasehold/e2e/machine";
import type { Dice } from "@leasehold/robustness/dice";
import { until } from "@leasehold/testkit";
import type { MixedCluster, Replica } from "./mixed-cluster.ts";

const LIMIT_MS = 30_000;

/** Where one day is gone through. */
type Places = Readonly<Record<Replica["kind"], Replica>>;

/**
 * What a customer goes through, each step at whichever replica chance picks: a license is sold, a machine
 * unlocked and refreshed, a seat taken, the license amended, and another seat taken by it.
 * @throws if a step is not possible in time, naming the replicas it was tried at
 */
export async function customerDay(
  cluster: MixedCluster,
  { day, folder, dice }: { readonly day: number; readonly folder: string; readonly dice: Dice },
): Promise<void> {
  const pick = (kind: Replica["kind"]) =>
    dice.pick(cluster.replicas().filter((replica) => replica.kind === kind));
  const places: Places = {
    issuer: pick("issuer"),
    activation: pick("activation"),
    "seat-broker": pick("seat-broker"),
  };
  try {
    await goThrough(cluster, places, { folder, machine: `day-${day}` });
  } catch (cause) {
    const where = Object.values(places).map(({ name, version }) => `${name} ${version.name}`);
    throw new Error(`day ${day} (${where.join(", ")}): ${told(cause)}`, { cause });
  }
}

async function goThrough(
  cluster: MixedCluster,
  places: Places,
  { folder, machine }: { readonly folder: string; readonly machine: string },
): Promise<void> {
  const { authorities, trustRoot, adminToken } = cluster;
  const connect = (address: string) => cluster.connect(address);
  const seatBroker = places["seat-broker"].address;
  const addresses = {
    issuer: places.issuer.address,
    activation: places.activation.address,
    seatBroker,
    seatBrokers: [seatBroker],
  };
  await using stack = new AsyncDisposableStack();
  const desk = stack.use(new LicensingDesk({ ...addresses, adminToken, connect }));
  const sold = await desk.sell(saleOf(1));
  const access = { addresses, authorities, trustRoot };
  const { installation } = await unlockMachine(access, sold, folder, machine);
  await refresh(addresses.activation, join(folder, machine), authorities);
  const { seatBrokers } = addresses;
  const session = stack.use(
    openSession({ installation, seatBrokers, authorities, application: "day" }),
  );
  const one = await seatOf(session);
  await desk.amend(sold.license.name, saleOf(2), ["seats"]);
  const another = await seatOf(session);
  if (!one.held() || !another.held()) throw new Error("a seat is not held");
  await Promise.all([one.release(), another.release()]);
}

async function refresh(
  activation: string,
  directory: string,
  authorities: string | undefined,
): Promise<void> {
  await refreshInstallation({ directory, activation, authorities });
  const opened = await openInstallation(directory);
  if (opened.kind !== "unlocked") throw new Error(`after the refresh it is ${opened.kind}`);
}

/** A seat, once the license and its newest terms have arrived. */
async function seatOf(session: SeatSession): Promise<Seat> {
  let last: unknown;
  const seat = until("a seat", LIMIT_MS, async () => {
    try {
      return await session.acquire();
    } catch (error) {
      if (!isProblem(error)) throw error;
      last = error;
      return undefined;
    }
  });
  return seat.catch((cause: unknown) => {
    throw new Error(`${told(cause)}, at last: ${told(last)}`, { cause });
  });
}

function saleOf(seats: number): Sale {
  return { seats, features: ["dataflow"], leaseTimes: { validityMs: 20_000, graceMs: 2_000 } };
}

function told(error: unknown): string {
  return isProblem(error)
    ? `${error.reason}, ${error.message}`
    : error instanceof Error
      ? error.message
      : String(error);
}
