import { setTimeout as pause } from "node:timers/promises";
import { seatBroker } from "@leasehold/contracts";
import { client } from "@leasehold/rpc-client";
import { hostNow } from "./host-clock.ts";
import type { Site } from "./site.ts";

type Answer = seatBroker.ListSeatsResponse;

/** The pool of a site's license, as administrators see it. */
export interface PoolWatch extends AsyncDisposable {
  /** As any seat-broker tells it; `undefined` if none answers. */
  look(): Promise<Answer | undefined>;
  /** Looks again and again, until the signal fires. */
  follow(each: (answer: Answer, at: number) => void, signal: AbortSignal): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const DEADLINE_MS = 1_000;
/** Also the most seats that one look can list. */
const PAGE = 500;

export function watchPool({ cluster, license }: Pick<Site, "cluster" | "license">): PoolWatch {
  const channels = new AsyncDisposableStack();
  const metadata = () => ({ authorization: `Bearer ${cluster.adminToken}` });
  const brokers = cluster.addresses.seatBrokers.map((address) =>
    client(seatBroker.SeatBrokerServiceDefinition, channels.use(cluster.connect(address)), {
      metadata,
    }),
  );
  const request = { parent: license.name, pageSize: PAGE, pageToken: "", filter: undefined };
  const look = async () => {
    for (const broker of brokers) {
      const asked = broker.listSeats(request, { deadlineMs: DEADLINE_MS });
      const answer = await asked.catch(() => undefined);
      if (answer) return answer;
    }
    return undefined;
  };
  return {
    look,
    follow: async (each, signal) => {
      while (!signal.aborted) {
        const answer = await look();
        if (answer) each(answer, hostNow());
        await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    [Symbol.asyncDispose]: () => channels.disposeAsync(),
  };
}
