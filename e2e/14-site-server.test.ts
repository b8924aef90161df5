import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  keepSiteKey,
  openInstallation,
  openSession,
  refreshInstallation,
  type Problem,
  type Seat,
  type SeatSession,
  unlock,
} from "@leasehold/client";
import { activation, LicenseState, seatBroker } from "@leasehold/contracts";
import { type Site, startSite } from "@leasehold/dev-cluster";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { verifyRevocationList } from "@leasehold/license-format";
import { type Channel, type Client, client } from "@leasehold/rpc-client";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LICENSEE, LicensingDesk, type Sale, type Sold } from "./desk/licensing-desk.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SOLD = 5;
const ALLOTTED = 3;
const VALIDITY_MS = 3_000;
const GRACE_MS = 1_000;
const SALE: Sale = {
  seats: SOLD,
  features: ["dataflow"],
  leaseTimes: { validityMs: VALIDITY_MS, graceMs: GRACE_MS },
  seatPolicy: { offlineDays: 3 },
};
const BORROWED = seatBroker.SeatState.BORROWED;
const LIMIT = { timeout: 60_000, interval: 200 };

let story: Story;
let sold: Sold;
let site: Site;
let exchangeLogFile: string;
const open = new AsyncDisposableStack();
const sampling = new AbortController();
let sampled: Promise<number>;

beforeAll(async () => {
  story = await openStory({ fence: "1s" });
  sold = await story.desk.sell(SALE);
  const { directory } = await story.unlock(sold, "site-server");
  await keepSiteKey(directory, sold.productKey);
  exchangeLogFile = join(story.folder, "exchanges.log");
  site = await startSite(story.cluster, { directory, seats: ALLOTTED, exchangeLogFile });
  siteDesk = open.use(
    new LicensingDesk({
      issuer: story.cluster.addresses.issuer,
      seatBroker: site.addresses.seatBroker,
      adminToken: site.adminToken,
      connect: (address) =>
        (address === site.addresses.seatBroker ? site : story.cluster).connect(address),
    }),
  );
  sampled = sample(sampling.signal);
}, 180_000);

afterAll(async () => {
  sampling.abort();
  await sampled;
  await open.disposeAsync();
  await site[Symbol.asyncDispose]();
  await story[Symbol.asyncDispose]();
});

/** What the site's administrator reads. */
async function status(): Promise<activation.Site> {
  return withSite(async (service) => {
    const { site: standing } = await service.getSite({});
    return standing!;
  });
}

async function withSite<T>(
  work: (service: ReturnType<typeof siteClient>) => Promise<T>,
): Promise<T> {
  await using channel = site.connect(site.addresses.activation);
  return await work(siteClient(channel));
}

function siteClient(channel: Channel) {
  return client(activation.SiteServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${site.adminToken}` }),
  });
}

/** A client computer of licensing type SERVER: another address, and nothing else. */
function unlockAtSite(name: string, productKey = sold.productKey) {
  return unlock({
    activation: site.addresses.activation,
    product: sold.license.product,
    licenseeName: LICENSEE.name,
    licenseeOrganization: LICENSEE.organization,
    productKey,
    directory: join(story.folder, name),
    trustRoot: Buffer.from(site.trustRoot, "hex"),
    authorities: site.authorities,
    host: name,
  });
}

async function sessionAtSite(name: string): Promise<SeatSession> {
  return (await computerAtSite(name)).session;
}

async function computerAtSite(name: string) {
  const installation = await unlockAtSite(name);
  const seatBrokers = [site.addresses.seatBroker];
  const { authorities } = site;
  const session = open.use(
    openSession({ installation, seatBrokers, authorities, application: "story 1.0" }),
  );
  return { installation, session };
}

function sessionOnline({ installation }: Machine): SeatSession {
  const { authorities } = story.cluster;
  const { seatBrokers } = story.cluster.addresses;
  return open.use(
    openSession({ installation, seatBrokers, authorities, application: "story 1.0" }),
  );
}

const refusal = (acquiring: Promise<Seat>): Promise<string> =>
  acquiring.then(
    () => "acquired",
    (problem: Problem) => problem.reason,
  );

/** What a seat-broker decides; a connection that is lost meanwhile decides nothing. */
const decision = (session: SeatSession): Promise<string> =>
  until("it is decided", LIMIT.timeout, async () => {
    const outcome = await refusal(session.acquire({ user: "one too many" }));
    return outcome === "DEPENDENCY_UNAVAILABLE" ? undefined : outcome;
  });

/** Seats that the vendor's pool counts, the site's among them. */
async function vendorLive(): Promise<number> {
  return (await story.desk.seats(sold.license.name)).length;
}

/** How many work right now, the vendor's and the site's pools taken together; `undefined` while one does not answer. */
async function atWork(): Promise<number | undefined> {
  const license = sold.license.name;
  const pools = await Promise.all([story.desk.seats(license), siteDesk.seats(license)]).catch(
    () => undefined,
  );
  if (!pools) return undefined;
  const [vendors, sites] = pools;
  return sites.length + vendors.filter(({ state }) => state !== BORROWED).length;
}

/** The most that worked at a time, looked at again and again. */
async function sample(signal: AbortSignal): Promise<number> {
  let most = 0;
  while (!signal.aborted) {
    most = Math.max(most, (await atWork()) ?? 0);
    await wait(200, undefined, { signal }).catch(() => undefined);
  }
  return most;
}

/** A seat that may take a moment to be there. */
function soon(session: SeatSession, user: string): Promise<Seat> {
  return until("there is a seat", LIMIT.timeout, () =>
    session.acquire({ user }).catch(() => undefined),
  );
}

let siteDesk: LicensingDesk;
let seats: readonly Seat[];
let atSite: readonly SeatSession[];
let online: SeatSession;

test("computers of the site unlock with the very key, and lease the seats that the site has", async () => {
  await expect.poll(async () => (await status()).seats, LIMIT).toBe(ALLOTTED);
  expect(await status()).toMatchObject({
    deployment: site.deployment,
    license: sold.license.name,
    wantedSeats: ALLOTTED,
    heldSeats: ALLOTTED,
    lastFailure: "",
  });
  atSite = [await sessionAtSite("office-1"), await sessionAtSite("office-2")];
  const [one, two] = atSite;
  seats = [await soon(one!, "ada"), await two!.acquire({ user: "bob" })];
  seats = [...seats, await one!.acquire({ user: "eve" })];
  expect(one!.hasFeature("dataflow")).toBe(true);
  expect(await refusal(two!.acquire({ user: "mallory" }))).toBe("NO_SEATS");
}, 120_000);

test("ONLINE and SERVER together have what was sold", async () => {
  const machine = await story.unlock(sold, "at-home");
  online = sessionOnline(machine);
  const remaining = SOLD - ALLOTTED;
  for (let i = 0; i < remaining; i++) await online.acquire({ user: `online ${i}` });
  expect(await refusal(online.acquire({ user: "one too many" }))).toBe("NO_SEATS");
  expect(await vendorLive()).toBe(SOLD);
});

test("another key, or another name, does not unlock at the site", async () => {
  const other = await story.desk.sell(SALE);
  await expect(unlockAtSite("stranger", other.productKey)).rejects.toMatchObject({
    reason: "UNLOCK_REFUSED",
  });
});

test("the site goes on without its vendor, and through deaths of its own", async () => {
  story.cluster.pause("seat-broker");
  story.cluster.pause("activation");
  story.cluster.pause("issuer");
  try {
    const away = Date.now();
    await site.kill("activation");
    await site.restart("activation");
    await expect.poll(async () => (await status()).lastFailure, LIMIT).not.toBe("");
    await site.kill("seat-broker");
    await site.restart("seat-broker");
    // Longer than two lifetimes of a lease.
    await expect.poll(() => Date.now() - away, LIMIT).toBeGreaterThan(2 * (VALIDITY_MS + GRACE_MS));
    const another = await sessionAtSite("office-3");
    const held = () => seats.filter((seat) => seat.held()).length;
    await expect
      .poll(async () => {
        const lacking = ALLOTTED - held();
        for (let i = 0; i < lacking; i++) {
          const asked = await another.acquire({ user: `later ${i}` }).catch(() => undefined);
          if (asked) seats = [...seats, asked];
        }
        return held();
      }, LIMIT)
      .toBe(ALLOTTED);
    expect(await decision(another)).toBe("NO_SEATS");
  } finally {
    for (const service of ["issuer", "activation", "seat-broker"] as const)
      story.cluster.resume(service);
  }
  await expect.poll(async () => (await status()).lastFailure, LIMIT).toBe("");
  expect((await status()).heldSeats).toBe(ALLOTTED);
  expect(await vendorLive()).toBeLessThanOrEqual(SOLD);
}, 240_000);

test("what the vendor does to the license reaches the site's computers", async () => {
  await story.desk.suspend(sold.license.name);
  await expect.poll(() => seats.some((seat) => seat.held()), LIMIT).toBe(false);
  expect((await status()).licenseState).toBe(LicenseState.SUSPENDED);
  await story.desk.resume(sold.license.name);
  await expect.poll(async () => (await status()).licenseState, LIMIT).toBe(LicenseState.ACTIVE);
  const session = await sessionAtSite("office-4");
  await expect.poll(() => refusal(session.acquire({ user: "ada" })), LIMIT).toBe("acquired");
}, 120_000);

test("the site's administrator looks after its computers, with the vendor away, too", async () => {
  const { session, installation } = await computerAtSite("office-5");
  await expect.poll(() => refusal(session.acquire({ user: "grace" })), LIMIT).toBe("acquired");
  for (const service of ["seat-broker", "activation", "issuer"] as const)
    story.cluster.pause(service);
  try {
    await refreshAtSite("office-5");
    const { name } = installation;
    await withComputers(async (computers) => {
      const parent = sold.license.name;
      const { installations } = await computers.listInstallations({ parent });
      const [listed] = installations.filter((one) => one.name === name);
      expect(listed).toMatchObject({ host: "office-5", refreshCounter: 1n });
      await computers.disableInstallation({ ...change(name), why: "laptop lost" });
      await expect
        .poll(() => refusal(session.acquire({ user: "grace" })), LIMIT)
        .toBe("INSTALLATION_DISABLED");
      await expect(refreshAtSite("office-5")).rejects.toMatchObject({
        reason: "INSTALLATION_DISABLED",
      });
      await computers.enableInstallation(change(name));
      await refreshAtSite("office-5");
      await computers.deactivateInstallation({ ...change(name), why: "scrapped" });
    });
    await expect(refreshAtSite("office-5")).rejects.toMatchObject({ reason: "INSTALLATION_ENDED" });
    await refreshAtSite("office-4");
    expect(await revokedFor("office-4")).toEqual([installation.name]);
  } finally {
    for (const service of ["issuer", "activation", "seat-broker"] as const)
      story.cluster.resume(service);
  }
  await expect.poll(async () => (await status()).lastFailure, LIMIT).toBe("");
}, 120_000);

/** What the site's administrator does to its computers. */
async function withComputers<T>(
  work: (service: Client<typeof activation.InstallationServiceDefinition>) => Promise<T>,
): Promise<T> {
  await using channel = site.connect(site.addresses.activation);
  const metadata = () => ({ authorization: `Bearer ${site.adminToken}` });
  return await work(client(activation.InstallationServiceDefinition, channel, { metadata }));
}

const change = (name: string) => ({ requestId: newUuid(systemClock, systemRandom), name });

const refreshAtSite = (name: string) =>
  refreshInstallation({
    activation: site.addresses.activation,
    authorities: site.authorities,
    directory: join(story.folder, name),
    host: name,
  });

/** What the revocation list names that a computer has by now. */
async function revokedFor(name: string): Promise<readonly string[]> {
  const directory = join(story.folder, name);
  const list = await readFile(join(directory, "refresh", "revocations"), "utf8");
  const opened = await openInstallation(directory);
  if (opened.kind !== "unlocked") throw new Error(opened.kind);
  const verified = await verifyRevocationList(list, opened.installation.trust);
  if (verified.kind === "refused") throw new Error(verified.fault);
  return verified.claims.installations.map(({ id }) => `installations/${id}`);
}

test("the site keeps the vendor's certificates by itself, and tells how they stand", async () => {
  const before = await status();
  expect(before).toMatchObject({
    certificateState: activation.SiteCertificateState.FRESH,
    certificateFailure: "",
  });
  expect(before.certificateEndTime!.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  expect(before.vendorTrustVersion).toBeGreaterThan(0n);
  // As an administrator may at any time; the site goes on with what is there then.
  await refreshInstallation({
    activation: story.cluster.addresses.activation,
    authorities: story.cluster.authorities,
    directory: join(story.folder, "site-server"),
    host: "site-server",
  });
  const after = await status();
  expect(after.certificateIssueTime!.getTime()).toBeGreaterThan(
    before.certificateIssueTime!.getTime(),
  );
  await expect.poll(async () => (await status()).lastFailure, LIMIT).toBe("");
});

test("the exchanges with the vendor are written while they are to be, and tell no secret", async () => {
  const set = (enabled: boolean) =>
    withSite((service) =>
      service.setExchangeLog({ requestId: newUuid(systemClock, systemRandom), enabled }),
    );
  const written = () => readFile(exchangeLogFile, "utf8").catch(() => "");
  expect(await written()).toBe("");
  await set(true);
  expect((await status()).exchangeLog).toBe(true);
  await story.desk.suspend(sold.license.name);
  await expect.poll(written, LIMIT).toContain("SeatBrokerService/KeepAlive");
  await set(false);
  const log = await written();
  expect(log).not.toMatch(/eyJ|[0-9A-Z]{5}-[0-9A-Z]{5}/);
  for (const line of log.trim().split("\n"))
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      direction: expect.stringMatching(/^(site to vendor|vendor to site)$/) as string,
      method: expect.stringMatching(/^leasehold\.seatbroker\.v1\.\w+\/\w+$/) as string,
      outcome: expect.stringMatching(/^[A-Z_]+$/) as string,
      requestBytes: expect.any(Number) as number,
      responseBytes: expect.any(Number) as number,
      durationMs: expect.any(Number) as number,
    });
  await story.desk.resume(sold.license.name);
}, 90_000);

test("in all of this, never more worked at a time than were sold", async () => {
  sampling.abort();
  const most = await sampled;
  expect(most).toBeLessThanOrEqual(SOLD);
  expect(most).toBe(SOLD);
});

test("the product key stands nowhere at the site", async () => {
  const kept = await readFile(join(story.folder, "site-server", "site-key"), "utf8");
  expect(kept).toMatch(/^[0-9a-f]{64}:[0-9a-f]{64}\n$/);
});
