import { issuer } from "@leasehold/contracts";
import { makeOfflineRequest } from "@leasehold/client";
import { LICENSEE } from "@leasehold/e2e/desk";
import { join } from "node:path";
import { answering } from "../unlocking.ts";
import { comeIn, requestId } from "../world.ts";
import { activationAt, type Arena, type Contest, issuerAt, winners } from "./arena.ts";

/** A request id, with one body and with two. */
export function requestIds(arena: Arena): readonly Contest[] {
  const two = [issuerAt(arena), issuerAt(arena)];
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

/** A challenge, which serves for one unlock. */
export function challenge(arena: Arena): Contest {
  const first = activationAt(arena);
  const two = [first, activationAt(arena)];
  const { product, productKey } = arena.own;
  return {
    name: "challenge",
    round: async () => {
      const given = await first.unlocking.createChallenge({});
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

/** A request file, which is answered once. */
export function offlineFile(arena: Arena): Contest {
  const first = activationAt(arena);
  const two = [first, activationAt(arena)];
  const { product, productKey } = arena.own;
  let round = 0;
  return {
    name: "offlineFile",
    round: async () => {
      round += 1;
      const { vendorFile } = await first.offline.getVendorFile({});
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

/** An invitation, which one may accept. */
export async function invitation(arena: Arena): Promise<Contest> {
  const email = "guest@guests.example";
  const token = await comeIn(arena.stage, email);
  const guest = issuerAt(arena, token);
  const guests = [guest, issuerAt(arena, token)];
  const host = issuerAt(arena, arena.own.accessToken);
  const { account } = await guest.self.register({
    requestId: requestId(),
    displayName: "guest",
    customerDisplayName: "",
  });
  return {
    name: "invitation",
    round: async () => {
      const { secret } = await host.accounts.createInvitation({
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
      await host.accounts.removeMembership({
        requestId: requestId(),
        name: account?.name ?? "",
        customer: arena.own.customer,
        validateOnly: false,
      });
      return won;
    },
  };
}
