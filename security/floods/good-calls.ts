import { setTimeout as pause } from "node:timers/promises";
import { activation, issuer, seatBroker } from "@leasehold/contracts";
import { generateKeyPair } from "@leasehold/license-format";
import { client } from "@leasehold/rpc-client";
import { channelTo } from "../dial.ts";
import { leaseOf } from "../probes/asked.ts";
import type { Stage } from "../stage.ts";
import { unlockRequest } from "../unlocking.ts";
import { type Belongings, installationHeaders } from "../world.ts";

/** Somebody who works all the while, as the contract has it, with its deadlines. */
export interface GoodClient extends AsyncDisposable {
  /** Works until the signal; how many calls were answered as they should be, and why others were not. */
  work(until: AbortSignal): Promise<GoodCalls>;
}

/** What came of good calls. */
export interface GoodCalls {
  readonly made: number;
  readonly failures: readonly string[];
}

const PAUSE_MS = 15;

/** Opens the connections of a good client. */
export function goodClient(stage: Stage, own: Belongings): GoodClient {
  const stack = new AsyncDisposableStack();
  const { issuer: toIssuer, activation: toActivation } = stage.listeners;
  const channel = stack.use(channelTo(stage.listeners["seat-broker"]));
  const service = seatBroker.SeatBrokerServiceDefinition;
  const proof = installationHeaders(own, service.fullName);
  const broker = client(service, channel, { metadata: proof });
  const vendor = client(issuer.IssuerServiceDefinition, stack.use(channelTo(toIssuer)), {
    metadata: () => ({ authorization: `Bearer ${stage.cluster.adminToken}` }),
  });
  const unlocking = client(
    activation.ActivationServiceDefinition,
    stack.use(channelTo(toActivation)),
  );
  const lease = async () => {
    const leaseId = Buffer.from(leaseOf(own.license));
    const holder = { process: "good" };
    const request = seatBroker.AcquireSeatRequest.fromPartial({ leaseId, holder });
    const { lease: held } = await broker.acquireSeat(request);
    const heartbeats = [{ leaseId, token: held?.token ?? Buffer.alloc(0) }];
    const { renewals } = await broker.renewSeats({ heartbeats });
    if (renewals[0]?.outcome !== seatBroker.RenewalOutcome.RENEWED)
      throw new Error(`the heartbeat came to ${renewals[0]?.outcome}`);
    await broker.releaseSeat({ leaseId });
  };
  const machine = generateKeyPair();
  const unlock = async () => {
    const claim = { product: own.product, productKey: own.productKey, machine: await machine };
    const { licenseFile } = await unlocking.unlock(await unlockRequest(unlocking, claim));
    if (licenseFile === "") throw new Error("no license file");
  };
  const look = async () => {
    const { license } = await vendor.getLicense({ name: own.license });
    if (license?.name !== own.license) throw new Error("another license");
  };
  return {
    work: async (until) => {
      const done = await Promise.all([
        again("leases a seat", lease, until),
        again("unlocks", unlock, until),
        again("looks at a license", look, until),
      ]);
      return {
        made: done.reduce((sum, { made }) => sum + made, 0),
        failures: done.flatMap(({ failures }) => failures),
      };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function again(
  what: string,
  act: () => Promise<void>,
  until: AbortSignal,
): Promise<GoodCalls> {
  const failures: string[] = [];
  let made = 0;
  while (!until.aborted) {
    made += 1;
    try {
      await act();
    } catch (thrown) {
      failures.push(`${what}: ${String(thrown)}`);
    }
    await pause(PAUSE_MS);
  }
  return { made, failures };
}
