import { setTimeout as sleep } from "node:timers/promises";
import { ClusterMap } from "./cluster-map.ts";
import { keySlot } from "./key-slot.ts";
import { isRedisUnavailable, isReply, isSoonOver } from "./redis-errors.ts";
import { clientOf, type RedisLink } from "./redis-link.ts";
import type { RedisRoutes, RouteEvents, Way } from "./redis-routes.ts";
import type { Address, ClusterTarget } from "./redis-target.ts";
import type { ScriptValue } from "./script-value.ts";
import { redirection } from "./slot-map.ts";
import { untilReady } from "./until-ready.ts";

/** Milliseconds within which a server is connected to that a command was sent on to. */
const CONNECT_MS = 500;
/** The longest pause before a command is tried again that came at the wrong time, in milliseconds. */
const PAUSE_MS = 60;
/** How often a command is sent on without a pause: two nodes that disagree could play ball with it. */
const TRIES_WITHOUT_PAUSE = 3;

/** Commands go to the owner of their key, and on to where that one sends them. */
export async function clusterRoutes(
  target: ClusterTarget,
  commandTimeoutMs: number,
  events: RouteEvents,
): Promise<RedisRoutes> {
  const clientAt = (address: Address) => clientOf(target, address, commandTimeoutMs);
  const map = await ClusterMap.open({ seeds: target.seeds, clientAt, events }).catch(
    (error: unknown) => {
      const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
      throw errors.find(isReply) ?? error;
    },
  );
  const linkOf = (key: ScriptValue | undefined) =>
    (key === undefined ? undefined : map.ownerOf(keySlot(key))) ?? anyOf(map.primaries);
  return {
    linkOf,
    links: () => map.primaries,
    wayAfter: async (error, failed, key) => {
      if (!isRedisUnavailable(error)) return undefined;
      map.doubt();
      return isReply(error) ? wayAfterReply(map, error, failed, () => linkOf(key)) : undefined;
    },
    [Symbol.asyncDispose]: () => map[Symbol.asyncDispose](),
  };
}

async function wayAfterReply(
  map: ClusterMap,
  { message }: Error,
  failed: Way,
  owner: () => RedisLink,
): Promise<Way | undefined> {
  const tries = failed.tries + 1;
  const elsewhere = redirection(message, failed.link.address);
  if (elsewhere === undefined && !isSoonOver(message)) return undefined;
  if (elsewhere === undefined || tries > TRIES_WITHOUT_PAUSE) await pause();
  if (elsewhere === undefined) return { link: owner(), asking: false, tries };
  const link = map.linkAt(elsewhere.to);
  if (elsewhere.kind === "MOVED") map.believe(elsewhere.slot, link);
  // If there is no connection in time, the command fails, and says so.
  await untilReady(link.client, CONNECT_MS).catch(() => undefined);
  return { link, asking: elsewhere.kind === "ASK", tries };
}

/** Whoever is asked for a slot that nobody serves says so. */
function anyOf(links: readonly RedisLink[]): RedisLink {
  const any = links.find(({ client }) => client.status === "ready") ?? links[0];
  if (any === undefined) throw new Error("a Redis Cluster without primaries");
  return any;
}

/** Of random length, so that those who were held up together do not come back together. */
function pause(): Promise<void> {
  return sleep(PAUSE_MS * (0.5 + Math.random() / 2));
}
