import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Arrival } from "../auth/authenticator.ts";
import { clientNetwork } from "./client-network.ts";
import { type Refusal, RefusalLog } from "./refusal-log.ts";
import type { Log } from "../log/log.ts";
import type { ConnectionMetrics } from "../metrics/connection-metrics.ts";
import { StallWatch } from "./stall-watch.ts";

/** What one listener bears. */
export interface ConnectionLimits {
  /** Connections that may be open. */
  readonly all: number;
  /** Of these, from one network: an IPv4 address, or 64 bits of IPv6. */
  readonly perNetwork: number;
  /** How long the TLS handshake and the HTTP/2 preface may take together, in milliseconds. */
  readonly openingMs: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  all: 20_000,
  perNetwork: 1_000,
  openingMs: 10_000,
};

/** The two ends of a connection, by which a call tells the one that it came over. */
export interface ConnectionEnds {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
}

interface Connection {
  readonly socket: Socket;
  readonly network: string;
  /** Ends what does not open in time. */
  readonly opening: NodeJS.Timeout;
  /** What HTTP/2 is read from, once it may be. */
  stream: Socket | undefined;
  arrival: Arrival;
}

/** The HTTP/2 preface, and the head of the SETTINGS frame that follows it. */
const PREFACE_BYTES = 24 + 9;

/** Stands in front of every connection of one listener: caps, the time to open, and who it turned out to be. */
export class ConnectionGuard implements Disposable {
  readonly #listener: Arrival["listener"];
  readonly #limits: ConnectionLimits;
  readonly #refusals: RefusalLog;
  readonly #stalls = new StallWatch();
  readonly #open = new Map<string, Connection>();
  readonly #ofNetwork = new Map<string, number>();

  constructor(
    listener: Arrival["listener"],
    limits: ConnectionLimits,
    log: Log,
    metrics?: ConnectionMetrics,
  ) {
    this.#listener = listener;
    this.#limits = limits;
    this.#refusals = new RefusalLog(log, listener, metrics);
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether a new connection may go on; one that may not is closed. */
  admit(socket: Socket): boolean {
    socket.on("error", () => {}); // it is closed by itself then
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      socket.destroy(); // gone already
      return false;
    }
    const network = clientNetwork(remoteAddress);
    const ofNetwork = this.#ofNetwork.get(network) ?? 0;
    if (this.#open.size >= this.#limits.all) return this.#close(socket, "full");
    if (ofNetwork >= this.#limits.perNetwork) return this.#close(socket, "network-full");
    this.#enter(socket, network, ofNetwork);
    return true;
  }

  /** The connection is secured as far as it will be: HTTP/2 may begin. `service` if it proved to be one. */
  secured(stream: Socket, service?: string): void {
    const connection = this.#open.get(keyOf(stream));
    if (!connection) return;
    connection.stream = stream;
    connection.arrival = { listener: this.#listener, service };
  }

  /** HTTP/2 began on one of the connections, or on another listener's. */
  begun(session: ServerHttp2Session): void {
    const stream = this.#open.get(keyOf(session.socket))?.stream;
    if (stream) this.#stalls.watch(session, stream, () => this.#close(stream, "stalled"));
  }

  /** Closes a connection over what it turned out to be. */
  refuse(stream: Socket, refusal: Refusal, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#close(stream, refusal, facts);
  }

  /** How a call came; `undefined` if it did not come over this listener. */
  arrivalOf(ends: ConnectionEnds): Arrival | undefined {
    return this.#open.get(keyOf(ends))?.arrival;
  }

  /** Closes what is still opening. */
  closeOpening(): void {
    for (const connection of this.#open.values())
      if (!isOpen(connection)) connection.socket.destroy();
  }

  /** Closes everything. */
  [Symbol.dispose](): void {
    for (const { socket } of this.#open.values()) socket.destroy();
    this.#stalls[Symbol.dispose]();
    this.#refusals[Symbol.dispose]();
  }

  #enter(socket: Socket, network: string, ofNetwork: number): void {
    const key = keyOf(socket);
    const opening = setTimeout(() => this.#expire(key), this.#limits.openingMs).unref();
    const arrival = { listener: this.#listener, service: undefined };
    this.#open.set(key, { socket, network, opening, stream: undefined, arrival });
    this.#ofNetwork.set(network, ofNetwork + 1);
    socket.once("close", () => {
      clearTimeout(opening);
      this.#open.delete(key);
      const left = (this.#ofNetwork.get(network) ?? 1) - 1;
      if (left === 0) this.#ofNetwork.delete(network);
      else this.#ofNetwork.set(network, left);
    });
  }

  #expire(key: string): void {
    const connection = this.#open.get(key);
    if (connection && !isOpen(connection)) this.#close(connection.socket, "silent");
  }

  #close(socket: Socket, refusal: Refusal, facts: Readonly<Record<string, unknown>> = {}): false {
    this.#refusals.count(refusal, { address: socket.remoteAddress, ...facts });
    socket.destroy();
    return false;
  }
}

/** Whether as much was read as opens HTTP/2; whether it is right, HTTP/2 itself decides. */
function isOpen({ stream }: Connection): boolean {
  return stream !== undefined && stream.bytesRead >= PREFACE_BYTES;
}

function keyOf({ remoteAddress, remotePort, localPort }: ConnectionEnds): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
