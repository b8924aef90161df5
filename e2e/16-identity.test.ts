import { join } from "node:path";
import { openSession, unlock } from "@leasehold/client";
import { createCertificateAuthority } from "@leasehold/dev-certificates";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LICENSEE, type Sale, type Sold } from "./desk/licensing-desk.ts";
import { type Machine, trustRootOf } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 3_000, graceMs: 1_000 },
};
const SERVICES = ["issuer", "activation", "seat-broker"] as const;
const LIMIT_MS = 30_000;

let story: Story;
let sold: Sold;
let machine: Machine;

beforeAll(async () => {
  story = await openStory();
  sold = await story.desk.sell(SALE);
  machine = await story.unlock(sold, "mill");
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

const untrusted = { reason: "SERVER_UNTRUSTED", metadata: { fault: "untrusted" } };

test("a client that knows another authority unlocks nothing, and is told why", async () => {
  const { authorities } = await createCertificateAuthority("Somebody else");
  const refused = unlock({
    activation: story.cluster.addresses.activation,
    authorities,
    product: sold.license.product,
    licenseeName: LICENSEE.name,
    licenseeOrganization: LICENSEE.organization,
    productKey: sold.productKey,
    directory: join(story.folder, "stranger"),
    trustRoot: trustRootOf(story.cluster),
  });
  await expect(refused).rejects.toMatchObject(untrusted);
  await expect(refused).rejects.toThrow("not of an authority that is trusted here");
});

test("nor does it get a seat", async () => {
  const { authorities } = await createCertificateAuthority("Somebody else");
  await using session = openSession({
    installation: machine.installation,
    seatBrokers: story.cluster.addresses.seatBrokers,
    authorities,
    application: "story 1.0",
  });
  await expect(session.acquire({ user: "ada" })).rejects.toMatchObject(untrusted);
});

test("certificates of all services are exchanged under live seats, and nobody loses a seat", async () => {
  const agents = await Promise.all([story.startAgent(machine), story.startAgent(machine)]);
  for (const agent of agents)
    expect(await agent.acquire("ada")).toMatchObject({ kind: "acquired" });
  const before = (await story.desk.seats(sold.license.name)).map(
    ({ fencingToken }) => fencingToken,
  );
  const from = agents.map(({ reports }) => reports.length);
  await story.cluster.rotateCertificates();
  await until("every service has both of its new certificates", LIMIT_MS, () =>
    SERVICES.every((service) => exchanges(service) >= 2) ? true : undefined,
  );
  // What is connected from now on, is connected with the new ones: activation to the issuer, the broker to activation.
  await story.cluster.restart("activation");
  await story.desk.amend(sold.license.name, { ...SALE, seats: 3 }, ["seats"]);
  await Promise.all(agents.map((agent, i) => agent.told("licenseChanged", from[i])));
  const third = await story.startAgent(machine);
  expect(await third.acquire("ada")).toMatchObject({ kind: "acquired" });
  for (const agent of agents) expect(await agent.look()).toMatchObject({ held: true });
  for (const [i, { reports }] of agents.entries())
    expect(reports.slice(from[i]).map(({ tell }) => tell)).not.toContain("disconnected");
  const after = (await story.desk.seats(sold.license.name)).map(({ fencingToken }) => fencingToken);
  expect(after).toEqual(expect.arrayContaining(before));
}, 90_000);

/** How often a service has taken a new certificate over. */
function exchanges(service: (typeof SERVICES)[number]): number {
  return story.cluster
    .logs(service)
    .filter((line) => line.includes("the certificate was exchanged")).length;
}
