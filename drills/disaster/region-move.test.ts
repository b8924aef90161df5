import { readFile } from "node:fs/promises";
import { freePort, startPostgres, startRedis } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { startRegion } from "./region.ts";
import {
  deskIn,
  inDatabase,
  movedTo,
  openScene,
  saleOf,
  seatOf,
  sessionOf,
  tried,
  unlockIn,
} from "./scene.ts";

/** What an operator runs after putting the database back. */
const RAISE = new URL("../../deploy/recovery/raise-epochs.sql", import.meta.url);
const [VALIDITY_MS, GRACE_MS] = [45_000, 3_000];

test("a region is lost: holders come over to another one, whose Redis is empty, and nobody is let in before they are", async () => {
  await using scene = await openScene();
  const { stack, deployment, postgres, redis, stores } = scene;
  const lost = await startRegion(deployment, stores);
  stack.defer(() => lost[Symbol.asyncDispose]());
  const there = `127.0.0.1:${await freePort()}`;
  const seatBrokers = [lost.addresses.seatBroker, there];
  const desk = deskIn(lost, deployment);
  const sold = await desk.sell(saleOf(2, VALIDITY_MS, GRACE_MS));
  await desk[Symbol.asyncDispose]();
  const { installation } = await unlockIn(lost, deployment, sold, "machine");
  const session = stack.use(sessionOf(deployment, installation, seatBrokers));
  const seats = [await seatOf(session), await seatOf(session)];
  const fences = seats.map(({ fencingToken }) => fencingToken);
  await using backup = await postgres.backUp();

  await Promise.all(Object.values(lost.services).map((service) => service.kill()));
  await Promise.all([postgres.kill(), redis.kill()]);

  const otherPostgres = stack.use(await startPostgres({ from: backup }));
  const otherRedis = stack.use(await startRedis());
  const otherStores = {
    databaseUrls: movedTo(otherPostgres.url, stores),
    redisUrl: otherRedis.url,
  };
  await inDatabase(otherStores, "seat-broker", await readFile(RAISE, "utf8"));
  const found = stack.use(await startRegion(deployment, otherStores, there));

  const newcomer = stack.use(sessionOf(deployment, installation, [there]));
  const told = new Set<string>();
  await expect
    .poll(
      async () => {
        const outcome = await tried(newcomer);
        if (typeof outcome !== "string") throw new Error("one seat too many");
        told.add(outcome);
        return outcome;
      },
      { timeout: 150_000, interval: 250 },
    )
    .toBe("NO_SEATS");
  expect(told).toContain("RECOVERING");
  expect(seats.map((seat) => seat.held())).toEqual([true, true]);
  await seats[0]?.release();
  const { fencingToken } = await seatOf(newcomer);
  for (const fence of fences) expect(fencingToken).toBeGreaterThan(fence);
  expect(found.services["seat-broker"].logs().join("\n")).not.toContain(
    "the database was put back",
  );
}, 400_000);
