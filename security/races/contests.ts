import { activation, issuer, seatBroker } from "@leasehold/contracts";
import { makeOfflineRequest } from "@leasehold/client";
import { LICENSEE } from "@leasehold/e2e/desk";
import { unlockMachine } from "@leasehold/e2e/machine";
import { client } from "@leasehold/rpc-client";
import { join } from "node:path";
import { channelTo } from "../dial.ts";
import { leaseOf } from "../probes/asked.ts";
import type { Stage } from "../stage.ts";
import { answering, unlockRequest } from "../unlocking.ts";
import { type Belongings, comeIn, installationHeaders, requestId } from "../world.ts";

/** What two want at the same time, and one may get. */
export interface Contest {
  readonly name: string;
  /** Lets two race for it, each on a connection of its own. @returns who won, one entry for each thing won */
  round(): Promise<readonly string[]>;
}

interface Arena {
  readonly stage: Stage;
  readonly own: Belongings;
  /** What lives as long as the contests. */
  readonly stack: AsyncDisposableStack;
}

const SALE = {
  seats: 1,
  features: ["dataflow"],
  leaseTimes: { validityMs: 60_000, graceMs: 10_000 },
} as const;

/** Every contest there is, ready to begin. */
export async function contests(arena: Arena): Promise<readonly Contest[]> {
  return [
    ...requestIds(arena),
    challenge(arena),
    await lastSeat(arena),
    await lastActivation(arena),
    await lastSlot(arena),
    offlineFile(arena),
    await invitation(arena),
  ];
}

/** Who gets something, by the name of what they got; refusals count for nothing. */
async function winners(...tries: readonly Promise<string>[]): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled(tries);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** Two connections to the activation service. */
function activations({ stage, stack }: Arena, headers: Record<string, string> = {}) {
  const metadata = () => headers;
  return [1, 2].map(() => {
    const channel = stack.use(channelTo(stage.listeners.activation));
    return {
      unlocking: client(activation.ActivationServiceDefinition, channel, { metadata }),
      resources: client(activation.ResourceServiceDefinition, channel, { metadata }),
      offline: client(activation.OfflineServiceDefinition, channel, { metadata }),
      installations: client(activation.InstallationServiceDefinition, channel, { metadata }),
    };
  });
}

function issuers({ stage, stack }: Arena, token = stage.cluster.adminToken) {
  const metadata = () => ({ authorization: `Bearer ${token}` });
  return [1, 2].map(() => {
    const channel = stack.use(channelTo(stage.listeners.issuer));
    return {
      issuing: client(issuer.IssuerServiceDefinition, channel, { metadata }),
      accounts: client(issuer.AccountServiceDefinition, channel, { metadata }),
    };
  });
}

function administrator({ stage }: Arena): Record<string, string> {
  return { authorization: `Bearer ${stage.cluster.adminToken}` };
}

function requestIds(arena: Arena): readonly Contest[] {
  const two = issuers(arena);
  const create = async (id: string, displayNames: readonly string[]) =>
    winners(
      ...two.map(async ({ issuing }, at) => {
        const displayName = displayNames[at] ?? "";
        const { customer } = await issuing.createCustomer({
          requestId: id,
          customer: { displayName, referenceId: `R-${id.slice(-12)}` },
        });
        return customer?.name ?? "";
      }),
    );
  return [
    // Both may be told of the one customer; there must not be two.
    {
      name: "requestId",
      round: async () => [...new Set(await create(requestId(), ["Acme", "Acme"]))],
    },
    { name: "requestIdOfAnotherBody", round: () => create(requestId(), ["Acme", "Evil"]) },
  ];
}

function challenge(arena: Arena): Contest {
  const two = activations(arena);
  const { product, productKey } = arena.own;
  return {
    name: "challenge",
    round: async () => {
      const given = await two[0]!.unlocking.createChallenge({});
      return winners(
        ...two.map(async ({ unlocking }) => {
          const { installation } = await unlocking.unlock(
            await answering(given, { product, productKey }),
          );
          return installation?.name ?? "";
        }),
      );
    },
  };
}

async function lastSeat(arena: Arena): Promise<Contest> {
  const { stage, stack } = arena;
  const sold = await stage.desk.sell(SALE);
  const machine = await unlockMachine(stage.cluster, sold, stage.folder, "last-seat");
  const metadata = installationHeaders(
    { machine },
    seatBroker.SeatBrokerServiceDefinition.fullName,
  );
  // Two processes, on one Redis.
  const two = (["seat-broker", "seat-broker-2"] as const).map((name) =>
    client(seatBroker.SeatBrokerServiceDefinition, stack.use(channelTo(stage.listeners[name])), {
      metadata,
    }),
  );
  return {
    name: "lastSeat",
    round: async () => {
      const leases = two.map(() => Buffer.from(leaseOf(sold.license.name)));
      const won = await winners(
        ...two.map(async (broker, at) => {
          const leaseId = leases[at]!;
          await broker.acquireSeat(
            seatBroker.AcquireSeatRequest.fromPartial({ leaseId, holder: { process: String(at) } }),
          );
          return leaseId.toString("hex");
        }),
      );
      for (const leaseId of won)
        await two[0]!.releaseSeat({ leaseId: Buffer.from(leaseId, "hex") });
      return won;
    },
  };
}

async function lastActivation(arena: Arena): Promise<Contest> {
  const { desk } = arena.stage;
  const terms = { installationPolicy: { installations: 1, virtualMachinesPolicy: 1 } };
  const { license, productKey } = await desk.sell({ ...SALE, terms } as never);
  const two = activations(arena);
  const [vendor] = activations(arena, administrator(arena));
  return {
    name: "lastActivation",
    round: async () => {
      const claim = { product: license.product, productKey };
      const requests = await Promise.all(
        two.map(({ unlocking }) => unlockRequest(unlocking, claim)),
      );
      const won = await winners(
        ...two.map(async ({ unlocking }, at) => {
          const { installation } = await unlocking.unlock(requests[at]!);
          return installation?.name ?? "";
        }),
      );
      for (const name of won)
        await vendor!.installations.deactivateInstallation(
          activation.DeactivateInstallationRequest.fromPartial({
            requestId: requestId(),
            name,
            why: "again",
          }),
        );
      return won;
    },
  };
}

async function lastSlot(arena: Arena): Promise<Contest> {
  const headers = { authorization: `Bearer ${arena.own.accessToken}` };
  const two = activations(arena, headers);
  const parent = arena.own.customer;
  const registered = await Promise.all(
    two.map(async ({ resources }, at) => {
      const { resource } = await resources.registerResource({
        requestId: requestId(),
        parent,
        resource: { externalId: `race-${at}`, displayName: "race", kind: "postgres" },
      });
      return resource?.name ?? "";
    }),
  );
  const license = arena.own.resourceLicense;
  return {
    name: "lastSlot",
    round: async () => {
      const won = await winners(
        ...two.map(async ({ resources }, at) => {
          const name = registered[at] ?? "";
          await resources.bindResource({ requestId: requestId(), name, license });
          return name;
        }),
      );
      for (const name of won)
        await two[0]!.resources.unbindResource({
          requestId: requestId(),
          name,
          validateOnly: false,
        });
      return won;
    },
  };
}

function offlineFile(arena: Arena): Contest {
  const two = activations(arena);
  const { product, productKey } = arena.own;
  let round = 0;
  return {
    name: "offlineFile",
    round: async () => {
      round += 1;
      const { vendorFile } = await two[0]!.offline.getVendorFile({});
      const made = await makeOfflineRequest(join(arena.stage.folder, `offline-${round}`), {
        purpose: "UNLOCK",
        vendorFile,
        product,
        productKey,
        licenseeName: LICENSEE.name,
        licenseeOrganization: LICENSEE.organization,
        machine: "none",
      });
      if (made.kind === "refused") throw new Error(`no request file: ${made.fault}`);
      const won = await winners(
        ...two.map(async ({ offline }) => {
          const { installation } = await offline.answerOfflineRequest({
            requestId: requestId(),
            requestFile: made.requestFile,
          });
          return installation?.name ?? "";
        }),
      );
      // Both may be answered, with the one installation.
      return [...new Set(won)];
    },
  };
}

async function invitation(arena: Arena): Promise<Contest> {
  const email = "guest@guests.example";
  const token = await comeIn(arena.stage, email);
  const guests = issuers(arena, token);
  const [host] = issuers(arena, arena.own.accessToken);
  const channel = arena.stack.use(channelTo(arena.stage.listeners.issuer));
  const metadata = () => ({ authorization: `Bearer ${token}` });
  const self = client(issuer.RegistrationServiceDefinition, channel, { metadata });
  const { account } = await self.register({
    requestId: requestId(),
    displayName: "guest",
    customerDisplayName: "",
  });
  return {
    name: "invitation",
    round: async () => {
      const { secret } = await host!.accounts.createInvitation({
        requestId: requestId(),
        parent: arena.own.customer,
        invitation: { email, role: issuer.CustomerRole.USER },
      });
      const won = await winners(
        ...guests.map(async ({ accounts }, at) => {
          await accounts.acceptInvitation({ requestId: requestId(), account: "", secret });
          return String(at);
        }),
      );
      await host!.accounts.removeMembership({
        requestId: requestId(),
        name: account?.name ?? "",
        customer: arena.own.customer,
        validateOnly: false,
      });
      return won;
    },
  };
}
