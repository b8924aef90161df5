import { activation, seatBroker } from "@leasehold/contracts";
import { unlockMachine } from "@leasehold/e2e/machine";
import { client } from "@leasehold/rpc-client";
import { channelTo } from "../dial.ts";
import { leaseOf } from "../probes/asked.ts";
import type { StageService } from "../stage.ts";
import { unlockRequest } from "../unlocking.ts";
import { installationHeaders, requestId } from "../world.ts";
import { activationAt, type Arena, bearer, type Contest, SALE, winners } from "./arena.ts";

/** The last seat of a pool, at two processes. */
export async function lastSeat(arena: Arena): Promise<Contest> {
  const { stage, stack } = arena;
  const sold = await stage.desk.sell(SALE);
  const machine = await unlockMachine(stage.cluster, sold, stage.folder, "last-seat");
  const metadata = installationHeaders(
    { machine },
    seatBroker.SeatBrokerServiceDefinition.fullName,
  );
  // Two processes, on one Redis.
  const brokerAt = (name: StageService) =>
    client(seatBroker.SeatBrokerServiceDefinition, stack.use(channelTo(stage.listeners[name])), {
      metadata,
    });
  const first = brokerAt("seat-broker");
  const two = [first, brokerAt("seat-broker-2")];
  return {
    name: "lastSeat",
    round: async () => {
      const won = await winners(
        ...two.map(async (broker, at) => {
          const leaseId = Buffer.from(leaseOf(sold.license.name));
          await broker.acquireSeat(
            seatBroker.AcquireSeatRequest.fromPartial({ leaseId, holder: { process: String(at) } }),
          );
          return leaseId.toString("hex");
        }),
      );
      for (const leaseId of won) await first.releaseSeat({ leaseId: Buffer.from(leaseId, "hex") });
      return won;
    },
  };
}

/** The last installation that a license allows. */
export async function lastActivation(arena: Arena): Promise<Contest> {
  const { desk } = arena.stage;
  const terms = { installationPolicy: { installations: 1, virtualMachinesPolicy: 1 } };
  const { license, productKey } = await desk.sell({ ...SALE, terms } as never);
  const two = [activationAt(arena), activationAt(arena)];
  const vendor = activationAt(arena, bearer(arena.stage.cluster.adminToken));
  return {
    name: "lastActivation",
    round: async () => {
      const claim = { product: license.product, productKey };
      const ready = await Promise.all(
        two.map(async ({ unlocking }) => ({
          unlocking,
          request: await unlockRequest(unlocking, claim),
        })),
      );
      const won = await winners(
        ...ready.map(async ({ unlocking, request }) => {
          const { installation } = await unlocking.unlock(request);
          return installation?.name ?? "";
        }),
      );
      for (const name of won)
        await vendor.installations.deactivateInstallation(
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

/** The last place of a license for databases. */
export async function lastSlot(arena: Arena): Promise<Contest> {
  const headers = bearer(arena.own.accessToken);
  const first = activationAt(arena, headers);
  const two = [first, activationAt(arena, headers)];
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
        await first.resources.unbindResource({
          requestId: requestId(),
          name,
          validateOnly: false,
        });
      return won;
    },
  };
}
