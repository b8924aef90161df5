import { refreshInstallation } from "@leasehold/client";
import { until } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startRegion } from "./region.ts";
import {
  deskIn,
  inDatabase,
  openScene,
  saleOf,
  seatOf,
  sessionOf,
  type Scene,
  tried,
  unlockIn,
} from "./scene.ts";

const LIMIT = { timeout: 60_000, interval: 100 };
const [VALIDITY_MS, GRACE_MS] = [45_000, 5_000];

/** Takes everything out of Redis that belongs to one license, as if it had been lost. */
async function losePool({ redis }: Scene, license: string): Promise<void> {
  const tag = Buffer.from(license.slice(-36).replaceAll("-", ""), "hex").toString("base64url");
  const client = new Redis(redis.url);
  const keys = await client.keys(`lease:{${tag}}:*`);
  expect(await client.del(...keys)).toBeGreaterThan(0);
  client.disconnect();
}

test("all databases are put back to an hour ago: holders keep their seats, nobody gets one too many, and it is told", async () => {
  await using scene = await openScene();
  const { stack, deployment, postgres, stores } = scene;
  const first = await startRegion(deployment, stores);
  stack.defer(() => first[Symbol.asyncDispose]());
  const { authorities } = deployment;
  const seatBrokers = first.addresses.seatBrokers;
  const desk = stack.use(deskIn(first, deployment));
  const open = (installation: Parameters<typeof sessionOf>[1]) =>
    stack.use(sessionOf(deployment, installation, seatBrokers));

  // What the backup knows.
  const studio = await desk.sell(saleOf(2, VALIDITY_MS, GRACE_MS));
  const machine = await unlockIn(first, deployment, studio, "studio");
  const session = open(machine.installation);
  const seats = [await seatOf(session)];
  const restless = await desk.sell(saleOf(1, 6_000, 1_000));
  const another = open((await unlockIn(first, deployment, restless, "restless")).installation);
  await (await seatOf(another)).release();
  await using backup = await postgres.backUp();

  // What it does not know.
  seats.push(await seatOf(session));
  await desk.amend(studio.license.name, saleOf(3, VALIDITY_MS, GRACE_MS), ["seats"]);
  seats.push(await seatOf(session));
  const refresh = (activation: string) =>
    refreshInstallation({ directory: machine.directory, activation, authorities });
  await refresh(first.addresses.activation);
  const late = await desk.sell(saleOf(1, VALIDITY_MS, GRACE_MS));
  const lateSession = open((await unlockIn(first, deployment, late, "late")).installation);
  seats.push(await seatOf(lateSession));
  await losePool(scene, restless.license.name);
  expect(await tried(another)).toBe("RECOVERING");

  await first[Symbol.asyncDispose]();
  await postgres.restart({ from: backup });
  const second = stack.use(await startRegion(deployment, stores, first.addresses.seatBroker));
  const deskAgain = stack.use(deskIn(second, deployment));

  const expiries = async () => {
    const listed = await Promise.all(
      [studio, late].map(({ license }) => deskAgain.seats(license.name)),
    );
    return listed.flat().map(({ expireTime }) => expireTime?.getTime() ?? 0);
  };
  const before = Math.max(...(await expiries()));
  await expect.poll(async () => Math.min(...(await expiries())), LIMIT).toBeGreaterThan(before);
  expect(seats.map((seat) => seat.held())).toEqual([true, true, true, true]);
  expect(await tried(session)).toBe("NO_SEATS");
  expect(await tried(lateSession)).toBe("NO_SEATS");

  const brokerLog = () => second.services["seat-broker"].logs().join("\n");
  await expect.poll(brokerLog, LIMIT).toContain("the database was put back");
  const license = restless.license.name.slice(-36);
  const epochs = `select lease_epoch from pool where license = '${license}'`;
  const [pool] = await inDatabase<{ readonly lease_epoch: bigint }>(stores, "seat-broker", epochs);
  expect(pool?.lease_epoch).toBeGreaterThanOrEqual(1_002n);
  await refresh(second.addresses.activation);
  expect(second.services.activation.logs().join("\n")).toContain("ahead of what was known");

  // The first change takes the number of the one that was lost, and is taken for it; the next one counts.
  for (const count of [5, 4])
    await deskAgain.amend(studio.license.name, saleOf(count, VALIDITY_MS, GRACE_MS), ["seats"]);
  await until("the license is applied", 60_000, async () => {
    const seat = await tried(session);
    return typeof seat === "string" ? undefined : seat;
  });
  expect(await tried(session)).toBe("NO_SEATS");
}, 300_000);
