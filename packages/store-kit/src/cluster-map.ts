import type { Redis } from "ioredis";
import { closeClient, type RedisLink } from "./redis-link.ts";
import type { RouteEvents } from "./redis-routes.ts";
import { type Address, nameOf } from "./redis-target.ts";
import { askSlotMap, type SlotRange } from "./slot-map.ts";
import { untilReady } from "./until-ready.ts";

/** How often the nodes are asked who owns the slots, and how soon after a doubt, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
const DOUBT_MS = 100;
/** How many nodes are asked at a time; the first good answer counts. */
const ASKED = 3;
/** After how many looks a server that owns nothing is let go: by then nothing is under way to it. */
const LOOKS_BEFORE_CLOSE = 5;
const CONNECT_LIMIT_MS = 3_000;

/** A node of a cluster, whatever its role. */
export interface ClusterLink extends RedisLink {
  /** How many looks in a row found that it owns nothing. */
  idle: number;
}

/** What a map of a cluster is made from. */
export interface ClusterMapOptions {
  /** Nodes to begin with, and to go back to if no other answers. */
  readonly seeds: readonly Address[];
  /** Makes a client, which is not connected yet. */
  readonly clientAt: (address: Address) => Redis;
  readonly events: RouteEvents;
}

/** Connections to the nodes of a cluster, and which of them owns which slot: it asks them again and again. */
export class ClusterMap implements AsyncDisposable {
  readonly #options: ClusterMapOptions;
  readonly #links = new Map<string, ClusterLink>();
  readonly #owners: ClusterLink[] = [];
  #primaries: ReadonlySet<ClusterLink> = new Set();
  #looking: Promise<void> | undefined;
  #doubted = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: ClusterMapOptions) {
    this.#options = options;
  }

  /** Connects to every server that owns slots. */
  static async open(options: ClusterMapOptions): Promise<ClusterMap> {
    const map = new ClusterMap(options);
    try {
      await map.#look();
      await Promise.all(
        [...map.#primaries].map(({ client }) => untilReady(client, CONNECT_LIMIT_MS)),
      );
      map.#plan();
      return map;
    } catch (error) {
      await map[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** All servers that own slots. */
  get primaries(): readonly ClusterLink[] {
    return [...this.#primaries];
  }

  /** The owner of a slot, or who was it last; `undefined` if it never had one. */
  ownerOf(slot: number): ClusterLink | undefined {
    return this.#owners[slot];
  }

  /** The connection to a node, which may only just be on its way. */
  linkAt(address: Address): ClusterLink {
    const name = nameOf(address);
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const client = this.#options.clientAt(address);
    const link: ClusterLink = { name, client, address, idle: 0 };
    this.#links.set(name, link);
    client.on("error", this.#options.events.onConnectionLost);
    client.on("close", () => this.doubt());
    client.on("ready", () => {
      if (this.#primaries.has(link)) this.#options.events.onConnected(name);
    });
    client.connect().catch(() => undefined); // told by its error event
    return link;
  }

  /** Takes a server's word for it that a slot has another owner, until the next look. */
  believe(slot: number, owner: ClusterLink): void {
    this.#owners[slot] = owner;
    this.doubt();
  }

  /** Looks again soon. */
  doubt(): void {
    if (this.#doubted) return;
    this.#doubted = true;
    if (this.#looking === undefined) this.#plan();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([...this.#links.values()].map(({ client }) => closeClient(client)));
    await this.#looking;
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const delay = this.#doubted ? DOUBT_MS : LOOK_EVERY_MS;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch(() => undefined) // nobody knows better: what was known stays
        .finally(() => {
          this.#looking = undefined;
          this.#plan();
        });
    }, delay);
  }

  async #look(): Promise<void> {
    this.#doubted = false;
    const ready = [...this.#links.values()].filter(({ client }) => client.status === "ready");
    const asked =
      ready.length > 0
        ? shuffled(ready).slice(0, ASKED)
        : this.#options.seeds.map((seed) => this.linkAt(seed));
    const answers = asked.map(async ({ client, address }) => {
      await untilReady(client, CONNECT_LIMIT_MS);
      return askSlotMap(client, address);
    });
    this.#adopt(await Promise.any(answers));
  }

  #adopt(ranges: readonly SlotRange[]): void {
    if (this.#closed) return;
    const before = this.#primaries;
    const primaries = new Set<ClusterLink>();
    for (const { first, last, owner } of ranges) {
      const link = this.linkAt(owner);
      primaries.add(link);
      for (let slot = first; slot <= last; slot += 1) this.#owners[slot] = link;
    }
    this.#primaries = primaries;
    for (const link of primaries)
      if (!before.has(link) && link.client.status === "ready")
        this.#options.events.onConnected(link.name);
    this.#closeIdle();
  }

  #closeIdle(): void {
    for (const link of this.#links.values()) {
      link.idle = this.#primaries.has(link) ? 0 : link.idle + 1;
      if (link.idle < LOOKS_BEFORE_CLOSE) continue;
      this.#links.delete(link.name);
      link.client.disconnect();
    }
  }
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
