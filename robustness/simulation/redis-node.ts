import type { Script } from "@leasehold/store-kit";
import type { Redis } from "ioredis";
import type { VirtualTime } from "./virtual-time.ts";
import { CLOCKS_START } from "./virtual-process.ts";

/** One call of a script, its name aside. */
export interface NodeCall {
  readonly sha1: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number | Buffer)[];
}

/** The real Redis that does the work of all simulated ones. */
export interface RealRedis {
  readonly client: Redis;
  /** By the names that the seat-broker calls them by; all of them loaded. */
  readonly scripts: ReadonlyMap<string, Script>;
  readonly time: VirtualTime;
  /** In front of the names of all keys of one simulation. */
  readonly prefix: string;
  /** Told of each script that ran. */
  readonly ran: (node: RedisNode, script: string, call: NodeCall, reply: unknown) => void;
}

/** All data of a node; nothing but what begins with its name. */
const COPY = `
for _, key in ipairs(redis.call('KEYS', ARGV[2] .. '*')) do redis.call('DEL', key) end
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  redis.call('COPY', key, ARGV[2] .. string.sub(key, #ARGV[1] + 1))
end`;
const FLUSH = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('DEL', key) end`;
/** What expires now is gone; set anew by PERSIST, it is not. */
const EXPIRE = `
if redis.call('HEXISTS', KEYS[1], 'incarnation') == 0 then redis.call('DEL', KEYS[1]) end`;
/** What decides about seats; the ledger does not. */
const DECISIVE = /\}:(?:[zshtxqmwdo]|qt)$/;

/**
 * A simulated Redis: its own clock, incarnation and data, of which the keys of a real one that
 * begin with its name are made.
 */
export class RedisNode {
  readonly name: string;
  readonly #real: RealRedis;
  /** How far its clock is from the true one, in milliseconds. */
  clockOffset = 0;
  incarnation = "";
  /** Whether it answers. */
  isUp = true;
  /** Of the terms that its scripts go by. */
  revision = 0;
  #snapshots = 0;
  /** Key -> the plan to let it expire that was made last. */
  readonly #expiring = new Map<string, object>();

  constructor(real: RealRedis, name: string) {
    this.#real = real;
    this.name = name;
  }

  get clock(): number {
    return Math.floor(CLOCKS_START + this.#real.time.now + this.clockOffset);
  }

  get #prefix(): string {
    return `${this.#real.prefix}${this.name}|`;
  }

  async run({ sha1, keys, args }: NodeCall): Promise<unknown> {
    const { client, scripts, ran } = this.#real;
    const script = scripts.get(sha1);
    if (!script) throw new Error(`there is no script ${sha1}`);
    // Asked about every second, by what is replaced anyway: half of all calls.
    if (script.name === "read_clock") return [this.clock, this.incarnation];
    const own = keys.map((key) => this.#prefix + key);
    const told = [...own, this.clock, this.incarnation];
    const reply = await client.evalsha(script.sha1, told.length, ...told, ...args);
    ran(this, script.name, { sha1, keys, args }, reply);
    if (script.name === "apply_terms" || script.name === "init_pool") {
      this.revision = Number(await client.hget(own[0] ?? "", "revision"));
      await this.#planExpiry(own);
    }
    return reply;
  }

  /** Loses everything. */
  async flush(): Promise<void> {
    await this.#real.client.eval(FLUSH, 0, this.#prefix);
  }

  /** The keys that are there. */
  async keys(): Promise<readonly string[]> {
    const keys = await this.#real.client.keys(`${this.#prefix}*`);
    return keys.filter((key) => DECISIVE.test(key)).toSorted();
  }

  async lose(key: string): Promise<void> {
    await this.#real.client.del(key);
  }

  /** Keeps a copy of the data. @returns its name */
  async snapshot(): Promise<string> {
    const name = `${this.#real.prefix}snapshot-${this.name}-${this.#snapshots++}|`;
    await this.#real.client.eval(COPY, 0, this.#prefix, name);
    return name;
  }

  async restore(snapshot: string): Promise<void> {
    await this.#real.client.eval(COPY, 0, snapshot, this.#prefix);
    this.revision = 0; // whichever it is, nothing is granted before it is set up again
  }

  async dropSnapshot(snapshot: string): Promise<void> {
    await this.#real.client.eval(FLUSH, 0, snapshot);
  }

  /** How many members the sets have that hold leases and waiters, sentinels aside. */
  async members(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const key of await this.keys()) {
      const kind = await this.#real.client.type(key);
      const name = key.slice(key.lastIndexOf(":") + 1);
      if (name === "m" || name === "o") continue;
      const { client } = this.#real;
      const count =
        kind === "zset"
          ? client.zcard(key)
          : kind === "hash"
            ? client.hlen(key)
            : client.scard(key);
      counts[name] = (await count) - (/^q|^w/.test(name) ? 0 : 1);
    }
    return counts;
  }

  /** Lets what was noted as expiring expire, unless it is noted again. */
  async #planExpiry(keys: readonly string[]): Promise<void> {
    const [first = ""] = keys;
    const { client, time } = this.#real;
    const notes = `${first.slice(0, -1)}expiring`;
    const noted = await client.zrange(notes, "0", "-1", "WITHSCORES");
    if (noted.length > 0) await client.del(notes);
    for (let index = 0; index < noted.length; index += 2) {
      const [key = "", ms] = noted.slice(index, index + 2);
      const plan = {};
      this.#expiring.set(key, plan);
      time.in(Number(ms), async () => {
        if (this.#expiring.get(key) === plan) await client.eval(EXPIRE, 1, key);
      });
    }
  }
}
