import {
  type BrokerClient,
  type Dial,
  dialBroker,
  type DialledBroker,
  type DialOptions,
} from "./dial-broker.ts";

/** What the ring is made of. */
export interface BrokerRingOptions extends DialOptions {
  /** `host:port` each, at least one. */
  readonly addresses: readonly string[];
  /** Which one to begin with, 0 to 1: different from client to client. */
  readonly start: number;
  /** How to connect to one; over gRPC if absent. */
  readonly dial?: Dial | undefined;
}

/** The seat-brokers of a cluster, any of which serves any license. One at a time is in use. */
export class BrokerRing implements AsyncDisposable {
  readonly #options: BrokerRingOptions;
  readonly #brokers: (DialledBroker | undefined)[];
  #current: number;

  constructor(options: BrokerRingOptions) {
    const { length } = options.addresses;
    if (length === 0) throw new RangeError("at least one seat-broker's address is needed");
    this.#options = options;
    this.#brokers = options.addresses.map(() => undefined);
    this.#current = Math.min(length - 1, Math.floor(options.start * length));
  }

  get count(): number {
    return this.#brokers.length;
  }

  /** The one in use. */
  current(): BrokerClient {
    return this.#at(this.#current).client;
  }

  /** All of them, the one in use first. */
  *inTurn(): Generator<BrokerClient> {
    const first = this.#current;
    for (let i = 0; i < this.#brokers.length; i++)
      yield this.#at((first + i) % this.#brokers.length).client;
  }

  /** Uses the next one from now on. */
  turn(): void {
    this.#current = (this.#current + 1) % this.#brokers.length;
  }

  /** Lets the connection to the one in use go: it may be dead without knowing. */
  async discard(): Promise<void> {
    const broker = this.#brokers[this.#current];
    this.#brokers[this.#current] = undefined;
    await broker?.channel[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const broker of this.#brokers.splice(0)) await broker?.channel[Symbol.asyncDispose]();
  }

  #at(index: number): DialledBroker {
    const existing = this.#brokers[index];
    if (existing) return existing;
    const { addresses, dial } = this.#options;
    const address = addresses[index] ?? "";
    const broker = dial ? dial(address) : dialBroker(address, this.#options);
    this.#brokers[index] = broker;
    return broker;
  }
}
