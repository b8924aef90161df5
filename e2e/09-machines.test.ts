import { cp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  openInstallation,
  openSession,
  type Problem,
  refreshInstallation,
  transferInstallation,
} from "@leasehold/client";
import { activation } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Client, client } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Agent } from "./agent/agent.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import { type Machine, trustRootOf } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 5_000, graceMs: 2_000 },
};
const LIMIT = { timeout: 30_000, interval: 100 };
const { InstallationState: State, InstallationConflictKind: Kind } = activation;

let story: Story;
let sold: Sold;
let lives: Client<typeof activation.InstallationServiceDefinition>;
let [mill, store, laptop]: readonly Machine[] = [];
let agents: Readonly<Record<"mill" | "store" | "laptop", Agent>>;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  story = stack.use(await openStory());
  sold = await story.desk.sell(SALE);
  const channel = stack.use(story.cluster.connect(story.cluster.addresses.activation));
  const authorization = `Bearer ${story.cluster.adminToken}`;
  const metadata = () => ({ authorization });
  lives = client(activation.InstallationServiceDefinition, channel, { metadata });
}, 120_000);

afterAll(() => stack.disposeAsync());

const change = (name: string, why = "") => ({
  requestId: newUuid(systemClock, systemRandom),
  name,
  why,
});

const refresh = (directory: string, applicationVersion = "studio 4.2") =>
  refreshInstallation({
    activation: story.cluster.addresses.activation,
    authorities: story.cluster.authorities,
    directory,
    applicationVersion,
    host: basename(directory),
  });

async function listed(filter = ""): Promise<readonly activation.Installation[]> {
  const parent = sold.license.name;
  const { installations } = await lives.listInstallations({ parent, filter, orderBy: "host" });
  return installations;
}

async function shown({ installation }: Machine): Promise<activation.Installation> {
  const found = (await listed()).find(({ name }) => name === installation.name);
  if (found === undefined) throw new Error("the machine is not listed");
  return found;
}

/** Whether a directory opens and gets a seat; the reason why not, if it does not. */
async function seatFor(directory: string): Promise<string> {
  const opened = await openInstallation(directory);
  if (opened.kind !== "unlocked") return opened.kind === "refused" ? opened.fault : opened.kind;
  const { seatBrokers } = story.cluster.addresses;
  await using session = openSession({
    installation: opened.installation,
    seatBrokers,
    authorities: story.cluster.authorities,
    application: "story 1.0",
  });
  return await session.acquire({ user: "luigi" }).then(
    () => "acquired",
    (problem: Problem) => problem.reason,
  );
}

test("1. the administrator lists the machines of a license, and gives one a name", async () => {
  mill = await story.unlock(sold, "mill");
  store = await story.unlock(sold, "store");
  laptop = await story.unlock(sold, "laptop");
  const displayName = "The mill in Turin";
  await lives.renameInstallation({ ...change(mill.installation.name), displayName });
  expect(await listed()).toMatchObject([
    { host: "laptop", displayName: "", state: State.ACTIVE },
    { host: "mill", displayName, state: State.ACTIVE },
    { host: "store", displayName: "", state: State.ACTIVE },
  ]);
  expect(await listed('display_name:"turin"')).toMatchObject([{ host: "mill" }]);
});

test("2. machines refresh, and the list tells when, and which version of the application did", async () => {
  for (const { directory } of [mill!, store!, laptop!]) await refresh(directory);
  await refresh(laptop!.directory, "studio 4.3");
  for (const installation of await listed())
    expect(installation.lastSeenTime!.getTime()).toBeGreaterThan(
      installation.createTime!.getTime(),
    );
  expect(await listed('application_version = "studio 4.3"')).toMatchObject([
    { host: "laptop", refreshCounter: 2n },
  ]);
});

test("3. while the license is suspended nobody refreshes, and afterwards goes on from where it was", async () => {
  const { name } = sold.license;
  await story.desk.suspend(name);
  await expect(refresh(mill!.directory)).rejects.toMatchObject({ reason: "LICENSE_SUSPENDED" });
  await story.desk.resume(name);
  await refresh(mill!.directory);
  expect(await shown(mill!)).toMatchObject({ refreshCounter: 2n, conflict: undefined });
});

test("4. a machine that is disabled loses its seats within seconds, and another one gets them", async () => {
  const start = (machine: Machine) => story.startAgent(machine);
  agents = { mill: await start(mill!), store: await start(store!), laptop: await start(laptop!) };
  for (const agent of Object.values(agents)) await agent.told("connected");
  for (const agent of [agents.mill, agents.store])
    expect(await agent.acquire("ada")).toMatchObject({ kind: "acquired" });
  expect(await agents.laptop.acquire("luigi")).toMatchObject({ reason: "NO_SEATS" });

  const { installation } = await lives.disableInstallation(
    change(mill!.installation.name, "lost on the train"),
  );
  expect(installation).toMatchObject({ state: State.DISABLED, vendorOnly: true });
  await agents.mill.told("revoked");
  expect(await agents.mill.look()).toMatchObject({ held: false });
  await expect
    .poll(() => agents.laptop.acquire("luigi"), LIMIT)
    .toMatchObject({ kind: "acquired" });
  expect(await agents.store.look()).toMatchObject({ held: true });
});

test("5. disabled it gets no seat, no certificate, and is not unlocked again", async () => {
  expect(await agents.mill.acquire("ada")).toMatchObject({ reason: "INSTALLATION_DISABLED" });
  const refused = { reason: "INSTALLATION_DISABLED" };
  await expect(refresh(mill!.directory)).rejects.toMatchObject(refused);
  await expect(story.unlock(sold, "mill")).rejects.toMatchObject(refused);
});

test("6. enabled it competes again, and refreshes from where it was", async () => {
  await lives.enableInstallation(change(mill!.installation.name, "found"));
  await expect.poll(() => agents.mill.acquire("ada"), LIMIT).toMatchObject({ reason: "NO_SEATS" });
  await agents.laptop.release();
  expect(await agents.mill.acquire("ada")).toMatchObject({ kind: "acquired" });
  await refresh(mill!.directory);
  expect(await shown(mill!)).toMatchObject({ state: State.ACTIVE, refreshCounter: 3n });
});

test("7. a second machine with a copied directory shows at its second refresh at the latest; nobody stops working over it", async () => {
  const copy = join(story.folder, "copy-of-store");
  await cp(store!.directory, copy, { recursive: true });
  const outcomes: string[] = [];
  for (const directory of [store!.directory, copy, store!.directory, copy])
    outcomes.push(
      await refresh(directory).then(
        () => "refreshed",
        (problem: Problem) => problem.reason,
      ),
    );
  expect(outcomes).toEqual([
    "refreshed",
    "INSTALLATION_CONFLICT",
    "refreshed",
    "INSTALLATION_CONFLICT",
  ]);
  expect(await listed("has_conflict = true")).toMatchObject([
    {
      host: "store",
      state: State.ACTIVE,
      conflict: { kind: Kind.COUNTER, host: "copy-of-store" },
    },
  ]);
  await agents.mill.release();
  expect(await seatFor(copy)).toBe("acquired");
  expect(await agents.store.look()).toMatchObject({ held: true });
});

test("8. the administrator forgives: whoever refreshes first goes on, the other one is the copy", async () => {
  await lives.enableInstallation(change(store!.installation.name, "one was scrapped"));
  expect(await shown(store!)).toMatchObject({ conflict: undefined });
  const copy = join(story.folder, "copy-of-store");
  await refresh(copy);
  await expect(refresh(store!.directory)).rejects.toMatchObject({
    reason: "INSTALLATION_CONFLICT",
  });
  await lives.enableInstallation(change(store!.installation.name));
  await refresh(store!.directory);
  await rm(copy, { recursive: true });
});

test("9. a directory that is put back from a backup is told from today's, and gets on once it is unlocked again", async () => {
  const backup = join(story.folder, "backup-of-store");
  await cp(store!.directory, backup, { recursive: true });
  await refresh(store!.directory);
  await rm(store!.directory, { recursive: true });
  await rename(backup, store!.directory);
  await expect(refresh(store!.directory)).rejects.toMatchObject({
    reason: "INSTALLATION_CONFLICT",
  });
  const again = await story.unlock(sold, "store");
  expect(again.installation.name).toBe(store!.installation.name);
  await refresh(store!.directory);
});

test("10. the license moves to a new laptop: the old one is over, and no product key is typed", async () => {
  await story.desk.issuer.amendLicense({
    requestId: newUuid(systemClock, systemRandom),
    name: sold.license.name,
    terms: { installationPolicy: { transfers: 1 } },
    updateMask: ["installation_policy"],
  });
  expect(await agents.laptop.acquire("luigi")).toMatchObject({ kind: "acquired" });
  const directory = join(story.folder, "new-laptop");
  const move = (name: string, to: string, beyondLimit = false) =>
    transferInstallation({
      activation: story.cluster.addresses.activation,
      token: story.cluster.adminToken,
      name,
      directory: to,
      trustRoot: trustRootOf(story.cluster),
      authorities: story.cluster.authorities,
      host: "new-laptop",
      beyondLimit,
    });
  const { name } = laptop!.installation;
  await expect
    .poll(() => move(name, directory).catch((problem: Problem) => problem.reason), LIMIT)
    .toMatchObject({ transfersLeft: 0 });
  await agents.laptop.told("revoked");
  await expect.poll(() => seatFor(directory), LIMIT).toBe("acquired");
  await expect(refresh(laptop!.directory)).rejects.toMatchObject({ reason: "INSTALLATION_ENDED" });
  await refresh(directory);
  const [moved] = await listed('host = "new-laptop"');
  expect(await shown(laptop!)).toMatchObject({ state: State.ENDED, successor: moved!.name });

  const third = join(story.folder, "third-laptop");
  await expect(move(moved!.name, third)).rejects.toMatchObject({
    reason: "TRANSFER_LIMIT",
    metadata: { limit: "1" },
  });
  expect(await move(moved!.name, third, true)).toMatchObject({ transfersLeft: 0 });
});

test("11. a machine that is deactivated is over for good, and every other one is told not to believe it", async () => {
  const { installation } = await lives.deactivateInstallation(
    change(store!.installation.name, "scrapped"),
  );
  expect(installation).toMatchObject({ state: State.ENDED });
  await agents.store.told("revoked");
  expect(await agents.store.acquire("ada")).toMatchObject({ reason: "INSTALLATION_DISABLED" });
  await expect(lives.enableInstallation(change(store!.installation.name))).rejects.toMatchObject({
    reason: "INSTALLATION_ENDED",
  });
  // The issuer hears of it within seconds; whoever refreshes then has its list.
  const revocations = ["refresh", "revocations"] as const;
  await expect
    .poll(async () => {
      await refresh(mill!.directory);
      await cp(join(mill!.directory, ...revocations), join(store!.directory, ...revocations));
      return openInstallation(store!.directory);
    }, LIMIT)
    .toEqual({ kind: "refused", fault: "revoked" });
  expect(await openInstallation(mill!.directory)).toMatchObject({ kind: "unlocked" });
}, 60_000);
