import { newUuid, systemClock, systemRandom, type Uuid } from "@leasehold/kernel";
import { signProof } from "@leasehold/license-format";
import { Connection } from "./connection.ts";
import { type Endpoint, schemeOf } from "./endpoint.ts";
import { etcdProtocol } from "./etcd-protocol.ts";
import type { Header } from "./hpack.ts";
import { leaseholdProtocol } from "./leasehold-protocol.ts";
import type { HeldLease, Protocol } from "./protocol.ts";

/** An unlocked machine, whose calls are authenticated as those of real ones are. */
export interface Identity {
  /** `installations/{installation}`. */
  readonly installation: string;
  readonly certificate: string;
  readonly privateKey: Uint8Array;
  /** Whom its proofs are for. */
  readonly audience: string;
}

/** One client of a server, as it is told to an agent. */
export type PartySpec =
  | {
      readonly kind: "leasehold";
      readonly endpoint: Endpoint;
      readonly license: Uuid;
      readonly identity: Identity;
    }
  | { readonly kind: "etcd"; readonly endpoint: Endpoint; readonly ttlSeconds: number };

/** Proofs hold for five minutes, and are dated back a little as those of the client library are. */
const PROOF_LIFE_MS = 300_000;
const BACKDATED_MS = 30_000;
/** A proof is shown no longer than this. */
const PROOF_USED_MS = 180_000;

/** One client with its connections, and the leases that it holds. */
export class Party {
  readonly spec: PartySpec;
  readonly protocol: Protocol;
  readonly held: HeldLease[] = [];
  #connections: readonly Connection[];
  #turn = 0;
  #nextLease = 0;
  #headers = new Map<string, readonly Header[]>();
  #proof: readonly Header[] = [];
  #provedAt = Number.NEGATIVE_INFINITY;

  private constructor(spec: PartySpec, connections: readonly Connection[]) {
    this.spec = spec;
    this.#connections = connections;
    this.protocol =
      spec.kind === "etcd" ? etcdProtocol(spec.ttlSeconds) : leaseholdProtocol(spec.license);
  }

  static async open(spec: PartySpec, connections: number): Promise<Party> {
    const opening = Array.from({ length: connections }, () => Connection.open(spec.endpoint));
    const party = new Party(spec, await Promise.all(opening));
    await party.freshen();
    return party;
  }

  /** Each connection in turn. */
  connection(): Connection {
    const connection = this.#connections[this.#turn++ % this.#connections.length];
    if (connection === undefined) throw new RangeError("a party has no connection");
    return connection;
  }

  /** Each of the leases in turn. */
  nextHeld(): HeldLease | undefined {
    return this.held[this.#nextLease++ % this.held.length];
  }

  /** Connects to another server. */
  async move(endpoint: Endpoint): Promise<void> {
    const opening = this.#connections.map(() => Connection.open(endpoint));
    for (const connection of this.#connections) connection.close();
    this.#connections = await Promise.all(opening);
  }

  /** Makes a new proof, if the one in use is old. */
  async freshen(): Promise<void> {
    if (this.spec.kind === "etcd" || performance.now() - this.#provedAt < PROOF_USED_MS) return;
    const { installation, certificate, privateKey, audience } = this.spec.identity;
    const issuedAt = Date.now() - BACKDATED_MS;
    const expiresAt = issuedAt + PROOF_LIFE_MS;
    const id = newUuid(systemClock, systemRandom);
    const claims = { installation, audience, issuedAt, expiresAt, id };
    const proof = await signProof({ ...claims, privateKey });
    this.#proof = [
      ["lh-installation", certificate],
      ["lh-proof", proof],
    ];
    this.#provedAt = performance.now();
    this.#headers.clear();
  }

  /** @param timeout as gRPC tells it; none for a stream */
  headers(path: string, timeout?: string): readonly Header[] {
    const known = this.#headers.get(path);
    if (known !== undefined) return known;
    const { endpoint } = this.spec;
    const headers: readonly Header[] = [
      [":method", "POST"],
      [":scheme", schemeOf(endpoint)],
      [":path", path],
      [":authority", endpoint.address],
      ["content-type", "application/grpc"],
      ["te", "trailers"],
      ...(timeout === undefined ? [] : [["grpc-timeout", timeout] as const]),
      ...this.#proof,
    ];
    this.#headers.set(path, headers);
    return headers;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}
