import type { Principal } from "@leasehold/service-kit";
import { type Uuid, uuidFromBytes } from "@leasehold/kernel";
import type { Redis } from "ioredis";
import type { Script } from "@leasehold/store-kit";
import type { Installation } from "../../packages/client/src/installation.ts";
import { fenceOf } from "../../services/seat-broker/src/store/seat-facts.ts";
import { Application } from "./application.ts";
import { type BrokerProcess, startBroker } from "./broker-process.ts";
import { brokerTransport } from "./broker-transport.ts";
import { Checker, type Violation } from "./checker.ts";
import { type Dice, dice } from "./dice.ts";
import { type Entitlements, entitlements } from "./entitlements.ts";
import { type History, history } from "./history.ts";
import { MemoryPostgres } from "./memory-postgres.ts";
import { type Network, network } from "./network.ts";
import { type NodeCall, RedisNode } from "./redis-node.ts";
import { prolong } from "./prolong.ts";
import { simulatedInstallation } from "./simulated-installation.ts";
import { drawSetting, firstPool, type Setting } from "./setting.ts";
import { type Troubles, troubles } from "./troubles.ts";
import { VirtualProcess } from "./virtual-process.ts";
import { virtualTime, type VirtualTime } from "./virtual-time.ts";

/** What a mutant changes besides the scripts. */
export interface WorldMutation {
  /** Clients count their deadline from when an answer arrives. */
  readonly deadlineFromReceipt?: boolean;
  /** A pool is set up again without a new epoch. */
  readonly epochsStay?: boolean;
}

export interface WorldParts {
  readonly seed: string;
  readonly client: Redis;
  readonly scripts: ReadonlyMap<string, Script>;
  readonly mutation: WorldMutation;
}

/** A seat-broker's machine. */
export interface BrokerSite {
  readonly name: string;
  /** The run of the seat-broker that is there now, or was there last. */
  running: BrokerProcess;
  node: RedisNode;
}

/** What was counted. */
export interface Counts {
  grants: number;
  /** How often somebody was told that all seats are taken. */
  contended: number;
  /** How often a pool began to learn. */
  learningWindows: number;
  readonly faults: Record<string, number>;
}

const BROKERS = ["broker-1", "broker-2", "broker-3"];

/** All machines of a simulation, and what they did. */
export class World {
  readonly dice: Dice;
  readonly time: VirtualTime;
  readonly history: History;
  readonly network: Network;
  readonly troubles: Troubles;
  readonly postgres: MemoryPostgres;
  readonly setting: Setting;
  readonly entitlements: Entitlements;
  readonly checker: Checker;
  readonly brokers: BrokerSite[] = [];
  readonly nodes: RedisNode[] = [];
  readonly applications: Application[] = [];
  readonly violations: Violation[] = [];
  readonly counts: Counts = { grants: 0, contended: 0, learningWindows: 0, faults: {} };
  /** Data of the Redis of a while ago. */
  snapshot: string | undefined;
  /** Whether it is away, or another one takes over. */
  isRedisChanging = false;
  readonly #parts: WorldParts;
  readonly #license: Uuid;
  #runs = 0;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.dice = dice(parts.seed);
    this.time = virtualTime(() => this.checker.afterEvent());
    this.history = history(this.time);
    this.network = network(this.time, this.dice.of("network"));
    this.troubles = troubles(this.time);
    this.postgres = new MemoryPostgres(this.time, this.dice.of("postgres"));
    this.postgres.takesEpochs = parts.mutation.epochsStay !== true;
    this.setting = drawSetting(this.dice.of("setting"));
    this.#license = uuidFromBytes(this.dice.of("license").bytes(16));
    const pool = firstPool(this.#license, this.setting);
    this.entitlements = entitlements(this.time, this.dice.of("activation"), pool);
    this.checker = new Checker({
      ...this.setting,
      time: this.time,
      entitlements: this.entitlements,
      troubles: this.troubles,
      applications: () => this.applications,
      serving: () => this.nodes.filter(({ isUp }) => isUp),
      brokers: BROKERS,
      violated: (violation) => {
        this.violations.push(violation);
        this.history.note("VIOLATION", `${violation.kind}: ${violation.text}`);
      },
    });
    this.history.note("SETTING", JSON.stringify(this.setting));
    const node = this.addNode();
    for (const name of BROKERS) this.brokers.push(this.#siteOf(name, node));
    for (let index = 1; index <= this.setting.clients; index += 1) this.addApplication(index);
  }

  /** The node that took over last. */
  get primary(): RedisNode {
    const primary = this.nodes.at(-1);
    if (!primary) throw new Error("a world has a Redis");
    return primary;
  }

  get prefix(): string {
    return `${this.#parts.seed}|`;
  }

  fault(kind: string, what: string): void {
    this.counts.faults[kind] = (this.counts.faults[kind] ?? 0) + 1;
    this.history.note("FAULT", `${kind}: ${what}`);
  }

  /** Another Redis. */
  addNode(): RedisNode {
    const { client, scripts } = this.#parts;
    const { time, prefix } = this;
    const ran = (on: RedisNode, script: string, call: NodeCall, reply: unknown): void =>
      this.#ran(on, script, call, reply as readonly unknown[]);
    const name = `redis-${this.nodes.length + 1}`;
    const node = new RedisNode({ client, scripts, time, prefix, ran }, name);
    node.incarnation = this.newIncarnation();
    this.nodes.push(node);
    return node;
  }

  newIncarnation(): string {
    return `incarnation-${++this.#runs}`;
  }

  restartBroker(site: BrokerSite): void {
    site.running.process.kill();
    site.running = this.#start(site);
  }

  /** Connects a seat-broker to a Redis, another one or the same one again. */
  connect(site: BrokerSite, node: RedisNode): void {
    site.node = node;
    site.running.reconnected();
  }

  addApplication(index: number): Application {
    const name = `client-${index}`;
    const part = this.dice.of(`${name}/${++this.#runs}`);
    const rate = this.dice.of(name).pick([1 / 1.08, 1, 1.08]);
    const process = new VirtualProcess(this.time, name, rate);
    const installation = simulatedInstallation(
      uuidFromBytes(this.dice.of(`installation/${name}`).bytes(16)),
      this.entitlements.newest,
    );
    const app: Application = new Application({
      process,
      installation,
      addresses: BROKERS,
      dial: (address) => this.#dial(process, installation, address),
      dice: part,
      habits: this.setting.habits,
      events: this.#eventsOf(name),
    });
    this.applications[index - 1] = app;
    return app;
  }

  #siteOf(name: string, node: RedisNode): BrokerSite {
    const site = { name, node } as BrokerSite;
    site.running = this.#start(site);
    return site;
  }

  #start(site: BrokerSite): BrokerProcess {
    const { time, postgres } = this;
    const part = this.dice.of(`${site.name}/${++this.#runs}`);
    const broker = new VirtualProcess(time, site.name, part.between(0.999, 1.001));
    return startBroker({
      time,
      network: this.network,
      broker,
      node: () => site.node,
      commandTimeoutMs: 1_500,
      machine: site.name,
      postgres,
      source: this.entitlements.feedFor(broker),
      fenceMs: this.setting.fenceMs,
      dice: part,
      defect: (failure) => this.checker.defect(failure),
      told: (event) => this.history.note(site.name, event),
    });
  }

  #dial(client: VirtualProcess, { name, license, product }: Installation, address: string) {
    const site = this.brokers.find((each) => each.name === address);
    if (!site) throw new Error(`there is no ${address}`);
    const principal: Principal = {
      kind: "installation",
      installation: name,
      license: license.license,
      product,
      publicKeyThumbprint: "",
    };
    const { deadlineFromReceipt } = this.#parts.mutation;
    const transport = brokerTransport({
      time: this.time,
      network: this.network,
      client,
      principal,
      broker: () => site.running,
      received: deadlineFromReceipt ? prolong : () => undefined,
    });
    return { client: transport, channel: { [Symbol.asyncDispose]: () => Promise.resolve() } };
  }

  #eventsOf(name: string): ConstructorParameters<typeof Application>[0]["events"] {
    const note = (what: string): void => this.history.note(name, what);
    return {
      asks: (app, waits) => {
        note(waits ? "wants a seat, and waits" : "wants a seat");
        this.checker.asks(app);
      },
      queued: (app) => {
        note("is in the queue");
        this.checker.queued(app);
      },
      answered: (app, seat, reason) => {
        note(seat ? `has a seat, fence ${told(seat.fencingToken)}` : `gets none: ${reason}`);
        this.checker.answered(app, seat);
      },
      ended: (app, how) => {
        note(`has no seat any more: ${how}`);
        this.checker.ended(app, how);
      },
      defect: (failure) => this.checker.defect(failure),
    };
  }

  #ran(on: RedisNode, script: string, { args }: NodeCall, reply: readonly unknown[]): void {
    const [code] = reply;
    if (script === "read_terms") return;
    if (script === "acquire_seats" && code === "OK") return this.#acquired(on, args, reply);
    this.history.note(on.name, `${script} ${String(code)}`);
    if (script === "init_pool" && code === "OK" && args[5] !== "1")
      this.counts.learningWindows += 1;
  }

  /** Of each lease there are six arguments behind the first two, and one reply behind the first two. */
  #acquired(on: RedisNode, args: NodeCall["args"], [, , ...replies]: readonly unknown[]): void {
    for (const [index, reply] of (replies as (readonly unknown[])[]).entries()) {
      const [code] = reply;
      this.history.note(on.name, `acquire_seats ${String(code)}`);
      if (code === "FULL") this.counts.contended += 1;
      if (code !== "OK") continue;
      const lease = String(args[2 + 6 * index]);
      const fence = fenceOf(String(reply[5]));
      if (this.checker.isGranted(lease, fence)) continue;
      this.counts.grants += 1;
      this.checker.granted(lease, fence);
    }
  }
}

function told(fence: bigint): string {
  return `${fence >> 32n}.${fence & 0xffff_ffffn}`;
}
