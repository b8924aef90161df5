import { activation } from "@leasehold/contracts";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import type { Challenges } from "../use-cases/challenges.ts";
import { getInstallation } from "../use-cases/get-installation.ts";
import type { Installations } from "../use-cases/ports.ts";
import { unlock, type UnlockPorts } from "../use-cases/unlock.ts";
import { watchEntitlements, type WatchPorts } from "../use-cases/watch-entitlements.ts";
import { callerOf } from "./caller-of.ts";
import { parseGetInstallation, parseWatchEntitlements } from "./parse.ts";
import { parseUnlock } from "./parse-unlock.ts";
import { peerOf } from "./peer.ts";
import { presentStep } from "./present.ts";
import { presentInstallation } from "./present-installation.ts";
import { encodeUnlocked, presentChallenge } from "./present-unlock.ts";

/** What the service's methods need. */
export interface ActivationPorts {
  readonly unlock: Omit<UnlockPorts, "encode">;
  readonly challenges: Pick<Challenges, "create">;
  readonly installations: Pick<Installations, "find">;
  readonly watch: WatchPorts;
}

/** The methods of `leasehold.activation.v1.ActivationService`. */
export function activationService(ports: ActivationPorts): ServiceBinding {
  const unlockPorts: UnlockPorts = { ...ports.unlock, encode: encodeUnlocked };
  return implement(activation.ActivationServiceDefinition, {
    createChallenge: () => Promise.resolve(presentChallenge(ports.challenges.create())),
    unlock: async (request, { peer, signal }) => {
      const reply = await unlock(unlockPorts, parseUnlock(request), peerOf(peer), signal);
      return activation.UnlockResponse.decode(reply);
    },
    getInstallation: async (request, call) => {
      const id = parseGetInstallation(request);
      const found = await getInstallation(ports.installations, id, callerOf(call.principal));
      return { installation: presentInstallation(found) };
    },
    async *watchEntitlements(request, call) {
      const after = parseWatchEntitlements(request);
      for await (const step of watchEntitlements(ports.watch, after, call.signal))
        yield presentStep(step);
    },
  });
}
