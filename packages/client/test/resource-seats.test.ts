import { LicenseState, type seatBroker } from "@leasehold/contracts";
import { afterEach, expect, test } from "vitest";
import type { ResourceChange } from "../src/resource-change.ts";
import { openSession, type SeatSession } from "../src/seat-session.ts";
import { FakeBroker } from "./fake-broker.ts";
import { LICENSE } from "./some-deployment.ts";
import { someInstallation } from "./some-installation.ts";

const ONE = "customers/acme/resources/0190f5fe-7c00-7a00-8000-0000000000d1";
const TWO = "customers/acme/resources/0190f5fe-7c00-7a00-8000-0000000000d2";
const eventually = { timeout: 10_000, interval: 5 };

let cleanUp = new AsyncDisposableStack();
afterEach(async () => {
  const current = cleanUp;
  cleanUp = new AsyncDisposableStack();
  await current.disposeAsync();
});

async function scene(): Promise<{ served: FakeBroker; client: SeatSession }> {
  const served = cleanUp.use(await new FakeBroker().start());
  const client = cleanUp.use(
    openSession({
      installation: someInstallation([]),
      seatBrokers: [served.address],
      application: "studio 7.1",
    }),
  );
  return { served, client };
}

function change(given: Partial<seatBroker.LicenseChanged> = {}) {
  const value: seatBroker.LicenseChanged = {
    license: LICENSE,
    revision: 1n,
    state: LicenseState.ACTIVE,
    terms: undefined,
    drained: false,
    resource: ONE,
    ...given,
  };
  return { $case: "licenseChanged", value } as const;
}

test("a seat of a resource has a lease id that begins with the resource's UUID", async () => {
  const { served, client } = await scene();
  await client.acquire({ resource: ONE });
  await client.acquire();
  const prefixes = served.acquired.map((id) => id.slice(0, 32));
  expect(prefixes).toEqual([
    "0190f5fe7c007a0080000000000000d1",
    "0190f5fe7c007a008000000000000001",
  ]);
});

test.each(["", "db-1", LICENSE, "customers/acme/resources/db-1"])(
  "%j is no resource, and no seat-broker is asked",
  async (resource) => {
    const { served, client } = await scene();
    await expect(client.acquire({ resource })).rejects.toThrow(RangeError);
    expect(served.acquired).toEqual([]);
  },
);

test.each([
  ["is unbound", { license: "", state: LicenseState.REVOKED }],
  [
    "is moved to another license",
    { license: "customers/acme/licenses/2", state: LicenseState.ACTIVE },
  ],
  ["is bound to a license that is suspended", { state: LicenseState.SUSPENDED }],
])("when a resource %s, its seats are gone and no others", async (_, given) => {
  const { served, client } = await scene();
  const heard: ResourceChange[] = [];
  client.events.on("resourceChanged", (told) => heard.push(told));
  const lost = await client.acquire({ resource: ONE });
  const other = await client.acquire({ resource: TWO });
  const own = await client.acquire();
  await expect.poll(() => served.streams.size, eventually).toBe(1);
  served.tell(change({ revision: 2n, ...given }));
  await expect.poll(() => lost.end, eventually).toBe("revoked");
  expect([other.held(), own.held(), client.license.state]).toEqual([true, true, "active"]);
  expect(heard).toEqual([{ resource: ONE, licensed: false, drained: false }]);
  await expect.poll(() => served.released, eventually).toEqual([served.acquired[0]]);
});

test("what was told of a resource before, or is older, changes nothing", async () => {
  const { served, client } = await scene();
  const heard: ResourceChange[] = [];
  client.events.on("resourceChanged", (told) => heard.push(told));
  const seat = await client.acquire({ resource: ONE });
  await expect.poll(() => served.streams.size, eventually).toBe(1);
  served.tell(change({ revision: 5n }));
  served.tell(change({ revision: 5n }));
  served.tell(change({ revision: 4n, license: "", state: LicenseState.REVOKED }));
  served.tell(change({ revision: 5n, drained: true }));
  await expect.poll(() => heard.length, eventually).toBe(2);
  expect(heard.map(({ drained, licensed }) => [drained, licensed])).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(seat.held()).toBe(true);
});

test("when the license may not be used any more, the seats of its resources are gone too", async () => {
  const { served, client } = await scene();
  const seat = await client.acquire({ resource: ONE });
  await expect.poll(() => served.streams.size, eventually).toBe(1);
  served.changeLicense({ state: LicenseState.SUSPENDED });
  await expect.poll(() => seat.end, eventually).toBe("revoked");
});
