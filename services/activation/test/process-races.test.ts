import {
  activation,
  LicenseModel,
  LicenseTerms,
  type InstallationPolicy,
  VirtualMachinePolicy,
} from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { type Client, client, connect } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { issuedLicense, issuedTerms } from "./issued.ts";
import { gappedMachine, offlineClient } from "./offline-requests.ts";
import { type TwoProcesses, twoProcesses } from "./two-processes.ts";
import { freshId, freshKey, proven, unlockRequest } from "./unlock-requests.ts";

// What two replicas compete for, as two processes of their own: what each knows in its memory
// decides nothing.

const TRIES = 1_000;
/** So many tries are under way at a time. */
const AT_ONCE = 25;

let world: TwoProcesses;
const open = new AsyncDisposableStack();
beforeAll(async () => {
  world = open.use(await twoProcesses());
}, 300_000);
afterAll(() => open.disposeAsync());

/** A client of each process. */
function clientsOf<T>(make: (address: string) => T): readonly T[] {
  return world.addresses.map(make);
}

/** Does something once for each try, some at a time; the outcomes, in their order. */
async function tries<T>(one: (number: number) => Promise<T>): Promise<readonly T[]> {
  const outcomes: T[] = [];
  for (let first = 0; first < TRIES; first += AT_ONCE)
    outcomes.push(
      ...(await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => one(first + n)))),
    );
  return outcomes;
}

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "won",
    ({ reason }: Problem) => reason,
  );

async function countOf(text: string): Promise<number> {
  const [row] = await world.database.postgres.query<{ readonly n: bigint }>({ text });
  return Number(row?.n);
}

const ONE_PLACE: InstallationPolicy = {
  installations: 1,
  transfers: 0,
  virtualMachinesPolicy: VirtualMachinePolicy.ALLOW,
  virtualMachines: 0,
  domains: [],
  networks: [],
};

test("in 1,000 races of two processes for the last installation exactly one wins", async () => {
  const clients = clientsOf((address) =>
    client(activation.ActivationServiceDefinition, open.use(connect(address))),
  );
  const terms = issuedTerms({ installationPolicy: ONE_PLACE });
  const outcomes = await tries(async (number) => {
    const key = freshKey();
    world.issuer.put(issuedLicense(`place-${number}`, 1n, { terms }), key.data);
    const raced = await Promise.all(
      clients.map(async (service) => {
        const request = await proven(unlockRequest(key.text), await service.createChallenge({}));
        return outcomeOf(service.unlock(request));
      }),
    );
    return raced.toSorted().join();
  });
  expect(new Set(outcomes)).toEqual(new Set(["INSTALLATION_LIMIT,won"]));
  expect(await countOf("select count(*) as n from installation")).toBe(TRIES);
}, 240_000);

test("of 1,000 request files brought to two processes at once, each has one effect and one answer", async () => {
  const desks = clientsOf((address) => open.use(offlineClient(address)));
  const before = await countOf("select count(*) as n from installation");
  const key = freshKey();
  world.issuer.put(issuedLicense("files", 1n), key.data);
  const agreed = await tries(async () => {
    const { file } = await (await gappedMachine()).unlock(key.text);
    const [one, other] = await Promise.all(
      desks.map((desk) => desk.answerOfflineRequest({ requestId: freshId(), requestFile: file })),
    );
    return one?.responseFile === other?.responseFile && one?.responseFile !== "";
  });
  expect(new Set(agreed)).toEqual(new Set([true]));
  expect(await countOf("select count(*) as n from installation")).toBe(before + TRIES);
}, 240_000);

test("in 1,000 races of two processes for the last database of a license exactly one wins", async () => {
  const desks = clientsOf((address) =>
    client(activation.ResourceServiceDefinition, open.use(connect(address)), {
      metadata: () => world.desk,
    }),
  );
  const slots = await slotsOf(desks[0]!);
  const outcomes = await tries(async (number) => {
    const { license, names } = slots[number]!;
    const raced = await Promise.all(
      names.map((name, at) =>
        outcomeOf(desks[at]!.bindResource({ requestId: freshId(), name, license })),
      ),
    );
    return raced.toSorted().join();
  });
  expect(new Set(outcomes)).toEqual(new Set(["RESOURCE_LIMIT,won"]));
  expect(await countOf("select count(*) as n from resource where license is not null")).toBe(TRIES);
}, 240_000);

/** For each try a license with room for one database, and two databases. */
async function slotsOf(desk: Client<typeof activation.ResourceServiceDefinition>) {
  const parent = "customers/slots";
  const terms = LicenseTerms.fromPartial({
    ...issuedTerms(),
    model: LicenseModel.RESOURCE,
    resources: 1,
  });
  const licenses = Array.from({ length: TRIES }, (_, n) => `${parent}/licenses/slot-${n}`);
  for (const name of licenses) world.issuer.put(issuedLicense("", 1n, { name, terms }));
  await vi.waitFor(
    async () => {
      const text = "select issuer_cursor as n from feed";
      expect(await countOf(text)).toBe(Number(world.issuer.head));
    },
    { timeout: 60_000 },
  );
  const imported = async (side: string) => {
    const resources = licenses.map((_, n) =>
      activation.Resource.fromPartial({ externalId: `${side}${n}`, displayName: `${side}${n}` }),
    );
    const answer = await desk.importResources({ requestId: freshId(), parent, resources });
    return answer.resources.map(({ resource }) => resource?.name ?? "");
  };
  const [ours, theirs] = [await imported("a"), await imported("b")];
  return licenses.map((license, n) => ({ license, names: [ours[n]!, theirs[n]!] }));
}
