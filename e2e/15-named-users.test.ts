import { activation, LicenseModel } from "@leasehold/contracts";
import { isProblem, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Client, client } from "@leasehold/rpc-client";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Agent } from "./agent/agent.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  model: LicenseModel.NAMED_USER,
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 20_000, graceMs: 5_000 },
};
const LONG = { timeout: 15_000 };

const scene = new AsyncDisposableStack();
let story: Story;
let users: Client<typeof activation.NamedUserServiceDefinition>;
let sold: Sold;
let machine: Machine;

beforeAll(async () => {
  story = scene.use(await openStory());
  const channel = scene.use(story.cluster.connect(story.cluster.addresses.activation));
  users = client(activation.NamedUserServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${story.cluster.adminToken}` }),
  });
}, 120_000);

afterAll(() => scene.disposeAsync());

/** A license of its own for each test, with two places, of which ada has one. */
beforeEach(async () => {
  sold = await story.desk.sell(SALE);
  machine = await story.unlock(sold, sold.license.name.slice(-12));
  // The license is on its way from the issuer.
  await vi.waitFor(() => assign("ada"), LONG);
});

const place = (user: string) => ({
  requestId: newUuid(systemClock, systemRandom),
  parent: sold.license.name,
  user,
});
const assign = (user: string) => users.assignUser(place(user));
const unassign = (user: string) => users.unassignUser(place(user));

/** A client application that works for a user, once the seat-broker knows whom the license names. */
async function working(user: string): Promise<Agent> {
  const agent = await story.startAgent(machine);
  await agent.told("connected");
  await vi.waitFor(
    async () => expect(await agent.acquire(user)).toMatchObject({ kind: "acquired" }),
    LONG,
  );
  return agent;
}

test("named users work, and nobody else does, though a seat is free", async () => {
  await working("ada");
  const bob = await story.startAgent(machine);
  await bob.told("connected");
  expect(await bob.acquire("bob")).toMatchObject({ reason: "USER_NOT_NAMED" });
  await assign("bob");
  await vi.waitFor(
    async () => expect(await bob.acquire("bob")).toMatchObject({ kind: "acquired" }),
    LONG,
  );
});

test("nobody is named beyond the seats, and a place that is given up goes to somebody else", async () => {
  await assign("bob");
  const refused = await assign("cho").then(
    () => undefined,
    (error: unknown) => (isProblem(error) ? error : undefined),
  );
  expect(refused).toMatchObject({ reason: "LIMIT_REACHED", metadata: { limit: "2" } });
  const [ada, bob] = [await working("ada"), await working("bob")];
  await unassign("bob");
  await bob.told("revoked");
  expect(await bob.look("dataflow")).toMatchObject({ held: false });
  expect(await bob.acquire("bob")).toMatchObject({ reason: "USER_NOT_NAMED" });
  await assign("cho");
  await working("cho");
  expect(await ada.look("dataflow")).toMatchObject({ held: true });
  const { namedUsers } = await users.listNamedUsers({ parent: sold.license.name, orderBy: "user" });
  expect(namedUsers.map(({ user }) => user)).toEqual(["ada", "cho"]);
});

test("a change of the license keeps its users, and a place more is there at once", async () => {
  await assign("bob");
  await story.desk.amend(sold.license.name, { ...SALE, seats: 3 }, ["seats"]);
  await vi.waitFor(() => assign("cho"), LONG);
  for (const user of ["ada", "bob", "cho"])
    expect(await (await working(user)).look()).toMatchObject({ held: true });
});
