import { once } from "node:events";
import {
  type Installation,
  installationCredentials,
  openSession,
  Problem,
  type SeatSession,
} from "@leasehold/client";
import { activation } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { client } from "@leasehold/rpc-client";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DatabasesDesk } from "./desk/databases-desk.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import { openStory, type Story } from "./site/story.ts";

// J6: databases are bound to licenses, and the users of one do not disturb those of another.

const SALE: Sale = {
  seats: 2,
  databases: 2,
  features: ["dataflow", { feature: "diagrams", limit: 10n }],
  leaseTimes: { validityMs: 20_000, graceMs: 2_000 },
};

const LIMIT_MS = 20_000;

let story: Story;
let databases: DatabasesDesk;
let acme: Sold;
let globex: Sold;
let session: SeatSession;
let installation: Installation;
const cleanUp = new AsyncDisposableStack();

beforeAll(async () => {
  story = cleanUp.use(await openStory());
  databases = cleanUp.use(new DatabasesDesk({ ...story.cluster.addresses, ...story.cluster }));
}, 120_000);

afterAll(() => cleanUp.disposeAsync());

const customerOf = ({ license }: Sold) => license.name.replace(/\/licenses\/.*/, "");

/** Tries until activation has heard of what the issuer just committed. */
async function soon<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  return until(what, LIMIT_MS, async () => {
    try {
      return { done: await act() };
    } catch (error) {
      if (error instanceof Problem && error.reason === "NOT_FOUND") return undefined;
      throw error;
    }
  }).then(({ done }) => done);
}

/** Why a call is refused. */
async function reasonOf(call: Promise<unknown>): Promise<string> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof Problem) return outcome.reason;
  throw new Error("not refused", { cause: outcome });
}

/** A seat of a database, once the seat-broker has heard that it is bound. */
function seatOf(resource: string) {
  return until(`a seat of ${resource}`, LIMIT_MS, async () => {
    try {
      return await session.acquire({ resource });
    } catch (error) {
      if (error instanceof Problem && ["NOT_FOUND", "RESOURCE_NOT_LICENSED"].includes(error.reason))
        return undefined;
      throw error;
    }
  });
}

/** The services of activation, as the client application calls them. */
function asApplication() {
  const service = activation.ActivationServiceDefinition.fullName;
  const clocks = { clock: systemClock, random: systemRandom };
  const credentials = installationCredentials(installation, service, clocks);
  const channel = cleanUp.use(story.cluster.connect(story.cluster.addresses.activation));
  const options = { metadata: () => credentials.metadata() };
  return {
    resources: client(activation.ResourceServiceDefinition, channel, options),
    counts: client(activation.CountServiceDefinition, channel, options),
  };
}

let plants: readonly [string, string, string];
let foreign: string;

test("1. two customers buy licenses of databases, two users of each at a time", async () => {
  acme = await story.desk.sell(SALE);
  globex = await story.desk.sell(SALE);
  const { terms } = acme.license;
  expect(terms).toMatchObject({ seats: 2, resources: 2 });
});

test("2. each imports its databases, and nothing is licensed by that", async () => {
  const ids = ["plant-east", "plant-west", "archive"];
  const names = await soon("the import", () => databases.import(customerOf(acme), ids));
  plants = [names[0]!, names[1]!, names[2]!];
  expect(await databases.import(customerOf(acme), ids)).toEqual(names);
  const others = await soon("the other's", () =>
    databases.import(customerOf(globex), ["plant-east"]),
  );
  foreign = others[0]!;
  expect(foreign).not.toBe(plants[0]);
  expect(await databases.licensed(customerOf(acme))).toEqual([]);
});

test("3. Activate: a database gets its license, and the number of licensed databases grows", async () => {
  await databases.bind(plants[0], acme.license.name);
  expect(await databases.licensed(customerOf(acme))).toEqual(["plant-east"]);
  await databases.bind(plants[1], acme.license.name);
  expect(await databases.licensed(customerOf(acme))).toEqual(["plant-east", "plant-west"]);
  await databases.bind(foreign, globex.license.name);
  expect(await databases.licensed(customerOf(globex))).toEqual(["plant-east"]);
});

test("4. the license has no room for a third, nor has another customer's license", async () => {
  expect(await reasonOf(databases.bind(plants[2], acme.license.name))).toBe("RESOURCE_LIMIT");
  expect(await reasonOf(databases.bind(plants[2], globex.license.name))).toBe("INVALID_REQUEST");
});

test("5. a client application lists the databases that have a license, and no others", async () => {
  ({ installation } = await story.unlock(acme, "workstation"));
  session = cleanUp.use(
    openSession({
      installation,
      seatBrokers: story.cluster.addresses.seatBrokers,
      authorities: story.cluster.authorities,
      application: "studio 7.1",
    }),
  );
  const list = asApplication().resources.listResources({ parent: customerOf(acme) });
  expect((await list).resources.map(({ name }) => name)).toEqual([plants[0], plants[1]]);
  const other = asApplication().resources.listResources({ parent: customerOf(globex) });
  expect(await reasonOf(other)).toBe("NOT_FOUND");
});

test("6. users of one database at its maximum do not disturb those of another", async () => {
  for (let user = 0; user < 2; user += 1) await seatOf(plants[0]);
  expect(await reasonOf(session.acquire({ resource: plants[0] }))).toBe("NO_SEATS");
  for (let user = 0; user < 2; user += 1) expect((await seatOf(plants[1])).held()).toBe(true);
  expect(await reasonOf(session.acquire({ resource: plants[1] }))).toBe("NO_SEATS");
  expect(await story.desk.seats(plants[0])).toHaveLength(2);
  expect(await story.desk.seats(plants[1])).toHaveLength(2);
});

test("7. there are no seats but of databases that are bound to the license", async () => {
  expect(await reasonOf(session.acquire())).toBe("RESOURCE_NOT_LICENSED");
  for (const resource of [foreign, plants[2]])
    expect(await reasonOf(session.acquire({ resource }))).toBe("NOT_FOUND");
});

test("8. diagrams of a database are counted, up to the license's limit", async () => {
  const { counts } = asApplication();
  const subject = { resource: plants[0], feature: "diagrams" };
  await counts.reportCount({ ...subject, count: 8n, sequence: 1n });
  const claim = (more: bigint) =>
    counts.claimCount({ ...subject, requestId: newUuid(systemClock, systemRandom), more });
  expect((await claim(2n)).count).toMatchObject({ count: 10n, remaining: 0n });
  expect(await reasonOf(claim(1n))).toBe("LIMIT_REACHED");
});

test("9. unbinding takes the seats of that database away at once, and makes room for another", async () => {
  const [lost, safe] = await Promise.all([
    until("a free seat", LIMIT_MS, async () => {
      const [seat] = await story.desk.seats(plants[0]);
      return seat;
    }),
    story.desk.seats(plants[1]),
  ]);
  expect([lost.holder?.process, safe.length]).toEqual([String(process.pid), 2]);
  const { promise: told, resolve } = Promise.withResolvers<void>();
  session.events.on("resourceChanged", ({ resource, licensed }) => {
    if (resource === plants[0] && !licensed) resolve();
  });
  await databases.unbind(plants[0]);
  await told;
  await until("its seats are given back", LIMIT_MS, async () =>
    (await story.desk.seats(plants[0])).length === 0 ? true : undefined,
  );
  expect(await story.desk.seats(plants[1])).toHaveLength(2);
  expect(await reasonOf(session.acquire({ resource: plants[0] }))).toBe("RESOURCE_NOT_LICENSED");
  await databases.bind(plants[2], acme.license.name);
  expect(await databases.licensed(customerOf(acme))).toEqual(["archive", "plant-west"]);
  expect((await seatOf(plants[2])).held()).toBe(true);
});

test("10. a customer's maximum that is lowered unbinds nothing, and lets nothing more be bound", async () => {
  await databases.unbind(plants[2]);
  await databases.allow(customerOf(acme), 1);
  await until("activation has heard of it", LIMIT_MS, async () => {
    try {
      await databases.bind(plants[2], acme.license.name);
    } catch (error) {
      if (error instanceof Problem && error.reason === "RESOURCE_LIMIT") return true;
      throw error;
    }
    await databases.unbind(plants[2]);
    return undefined;
  });
  expect(await databases.licensed(customerOf(acme))).toEqual(["plant-west"]);
  expect(await story.desk.seats(plants[1])).toHaveLength(2);
});

test("11. what happens to the license happens to all its databases", async () => {
  const ended = once(session.events, "licenseChanged");
  await story.desk.suspend(acme.license.name);
  await ended;
  await until("all seats are given back", LIMIT_MS, async () =>
    (await story.desk.seats(plants[1])).length === 0 ? true : undefined,
  );
  await until("nothing more is granted", LIMIT_MS, async () => {
    const reason = await reasonOf(session.acquire({ resource: plants[1] }));
    return reason === "LICENSE_SUSPENDED" ? true : undefined;
  });
  expect(await databases.licensed(customerOf(acme))).toEqual([]);
  expect(await databases.licensed(customerOf(globex))).toEqual(["plant-east"]);
});
