import { array, assert, asyncProperty, constantFrom } from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS, SiteWorld, SOLD } from "./site-world.ts";

/** Seats in use anywhere, whoever counts them. */
function inUse({ live }: SiteWorld): number {
  return live.online + Math.max(live.site, live.allotted);
}

async function running(seats = 4): Promise<SiteWorld> {
  const world = new SiteWorld();
  world.start(seats);
  await settled(world);
  return world;
}

async function settled(world: SiteWorld): Promise<void> {
  for (let i = 0; i < 4; i++) await world.round();
}

/** Time passes as it does: with a look of the site's now and then. */
async function live(world: SiteWorld, ms: number, step = 60_000): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    world.pass(step);
    await world.round();
  }
}

test("a site hands out as many seats as it holds, and the vendor the rest", async () => {
  const world = await running(4);
  expect(Array.from({ length: 5 }, () => world.acquireAtSite())).toEqual([
    ...Array<boolean>(4).fill(true),
    false,
  ]);
  expect([world.acquireOnline(), world.acquireOnline(), world.acquireOnline()]).toEqual([
    true,
    true,
    false,
  ]);
});

test("seats are extended for as long as the vendor is reached", async () => {
  const world = await running(4);
  world.acquireAtSite();
  await live(world, 5 * HOUR_MS);
  expect(world.live).toMatchObject({ site: 1, allotted: 4 });
});

test("on its own, a site goes on until shortly before the vendor gives its seats to others, and no longer", async () => {
  const world = await running(4);
  while (world.acquireAtSite());
  world.reachable = false;
  await live(world, HOUR_MS - 180_000);
  expect(world.live.site).toBe(4);
  await live(world, 150_000, 30_000);
  expect(world.live).toMatchObject({ site: 0, allotted: 4 });
  expect(world.acquireAtSite()).toBe(false);
  await live(world, 120_000);
  expect(world.live.allotted).toBe(0);
  expect(Array.from({ length: SOLD }, () => world.acquireOnline())).toEqual(
    Array<boolean>(SOLD).fill(true),
  );
});

test("an answer that was lost is asked for again: no seat is taken twice", async () => {
  const world = new SiteWorld();
  world.losesAnswers = true;
  world.start(4);
  await settled(world);
  expect(world.live.allotted).toBe(1);
  expect(world.acquireAtSite()).toBe(false);
  world.kill();
  world.losesAnswers = false;
  world.start(4);
  await settled(world);
  expect(world.live.allotted).toBe(4);
});

test("a vendor that lends nothing loses no seat to a site that keeps asking", async () => {
  const world = new SiteWorld();
  world.refusesToLend = true;
  world.start(4);
  await settled(world);
  expect(world.live.allotted).toBe(0);
  expect(world.rows.size).toBe(0);
  world.refusesToLend = false;
  await live(world, 60_000);
  expect(world.live.allotted).toBe(4);
});

test("an older copy of the database brings no seat back, and forgets none that is in use", async () => {
  const world = await running(2);
  world.keepCopy();
  world.kill();
  world.start(4);
  await settled(world);
  while (world.acquireAtSite());
  world.restoreCopy();
  world.reachable = false;
  world.start(4);
  await settled(world);
  expect(world.acquireAtSite()).toBe(false);
  await live(world, HOUR_MS);
  expect(inUse(world)).toBeLessThanOrEqual(SOLD);
});

test("an empty database is told by the seat-broker that seats are in use", async () => {
  const world = await running(4);
  while (world.acquireAtSite());
  world.kill();
  world.rows.clear();
  world.published = undefined;
  world.seen = 0;
  world.start(4);
  await settled(world);
  expect(world.acquireAtSite()).toBe(false);
  await live(world, 3 * HOUR_MS);
  expect(inUse(world)).toBeLessThanOrEqual(SOLD);
  expect(world.acquireAtSite()).toBe(true);
});

test("a license with fewer seats: the site hands out fewer at once, and gives them up at their end", async () => {
  const world = await running(4);
  while (world.acquireAtSite());
  world.vendorSeats = 2;
  await live(world, HOUR_MS / 2);
  expect(world.live).toMatchObject({ site: 4, allotted: 4 });
  world.releaseAtSite();
  expect(world.acquireAtSite()).toBe(false);
  await live(world, HOUR_MS);
  expect(world.live.allotted).toBe(2);
  expect(world.live.site).toBeLessThanOrEqual(2);
});

test("where enough leave by themselves, nobody has to stop for it", async () => {
  const world = await running(4);
  while (world.acquireAtSite());
  world.vendorSeats = 2;
  await live(world, HOUR_MS / 2);
  world.releaseAtSite();
  world.releaseAtSite();
  await live(world, 3 * HOUR_MS);
  expect(world.live).toMatchObject({ site: 2, allotted: 2 });
});

test("whatever happens in whatever order, no more seats are in use than were sold", async () => {
  const acts = {
    rounds: (world: SiteWorld) => settled(world),
    "half a minute": (world: SiteWorld) => world.pass(30_000),
    minutes: (world: SiteWorld) => live(world, 300_000),
    "most of a term": (world: SiteWorld) => live(world, HOUR_MS - 150_000, 150_000),
    "a term": (world: SiteWorld) => live(world, HOUR_MS, 300_000),
    kill: (world: SiteWorld) => world.kill(),
    "start with many": (world: SiteWorld) => world.start(5),
    "start with few": (world: SiteWorld) => world.start(2),
    "vendor away": (world: SiteWorld) => void (world.reachable = false),
    "vendor back": (world: SiteWorld) => void (world.reachable = true),
    "answers lost": (world: SiteWorld) => void (world.losesAnswers = true),
    "answers arrive": (world: SiteWorld) => void (world.losesAnswers = false),
    "all want seats at the site": (world: SiteWorld) => {
      while (world.acquireAtSite());
    },
    "one leaves the site": (world: SiteWorld) => world.releaseAtSite(),
    "one comes online": (world: SiteWorld) => world.acquireOnline(),
    "all want seats online": (world: SiteWorld) => {
      while (world.acquireOnline());
    },
    "online, all leave": (world: SiteWorld) => world.releaseOnline(),
    "the site's feed stalls": (world: SiteWorld) => void (world.feedStalls = true),
    "the site's feed flows": (world: SiteWorld) => void (world.feedStalls = false),
    copy: (world: SiteWorld) => world.keepCopy(),
    restore: (world: SiteWorld) => world.restoreCopy(),
  } satisfies Readonly<Record<string, (world: SiteWorld) => unknown>>;
  const happening = constantFrom(...(Object.keys(acts) as (keyof typeof acts)[]));
  await assert(
    asyncProperty(array(happening, { minLength: 40, maxLength: 120 }), async (happenings) => {
      const world = await running(4);
      for (const what of happenings) {
        await acts[what](world);
        expect(inUse(world), `after ${what}`).toBeLessThanOrEqual(SOLD);
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);
