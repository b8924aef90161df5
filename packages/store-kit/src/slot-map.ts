import type { Redis } from "ioredis";
import type { Address } from "./redis-target.ts";

/** Slots that one server owns, the last included. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly owner: Address;
}

/**
 * Asks one node of a cluster who owns the slots. A node that is cut off from the others tells an
 * old story, but notices that something is wrong: then it is not believed.
 * @throws Error if it does not answer, or does not think the cluster well
 */
export async function askSlotMap(client: Redis, asked: Address): Promise<readonly SlotRange[]> {
  const [info, ranges] = await Promise.all([client.cluster("INFO"), client.cluster("SLOTS")]);
  if (!/^cluster_state:ok/m.test(info)) throw new Error("a node does not think the cluster well");
  return ranges.map(([first, last, ...nodes]) => {
    const [host, port] = nodes[0] as unknown as readonly [string | null, number];
    // A node that does not know its own address is where it was asked.
    return { first, last, owner: { host: host || asked.host, port } };
  });
}

/** A server's word that a slot is, or is about to be, at another one. */
export interface Redirection {
  readonly kind: "MOVED" | "ASK";
  readonly slot: number;
  readonly to: Address;
}

/** Reads an error; the host may be left out, and is then that of the server that answered. */
export function redirection(message: string, answering: Address): Redirection | undefined {
  const [, kind, slot, host, port] = /^(MOVED|ASK) (\d+) (.*):(\d+)/.exec(message) ?? [];
  if (kind !== "MOVED" && kind !== "ASK") return undefined;
  return { kind, slot: Number(slot), to: { host: host || answering.host, port: Number(port) } };
}
