import { pause } from "@leasehold/service-kit";
import { systemClock, systemRandom, type Uuid, uuidBytes } from "@leasehold/kernel";
import {
  type BorrowClaims,
  generateKeyPair,
  signBorrow,
  signingKey,
  type TrustBundle,
  verifyBorrow,
} from "@leasehold/license-format";
import type { SeatClaim } from "../src/domain/claim.ts";
import type { Holder } from "../src/domain/holder.ts";
import type { LeaseId } from "../src/domain/lease-id.ts";
import { tokenKeys } from "../src/domain/lease-token.ts";
import type { Pool, Terms } from "../src/domain/pool.ts";
import { OPEN_POLICY, type SeatPolicy } from "../src/domain/seat-policy.ts";
import { acquireSeat, type AcquireSeatPorts } from "../src/use-cases/acquire-seat.ts";
import { type BorrowSeatPorts, borrowSeat } from "../src/use-cases/borrow-seat.ts";
import { recoverPool, restorePool } from "../src/use-cases/recover-pool.ts";
import { releaseSeat } from "../src/use-cases/release-seat.ts";
import { leaseRenewer, renewedFacts, type Renewal } from "../src/use-cases/renew-leases.ts";
import { seatWakes } from "../src/use-cases/seat-wakes.ts";
import { type OpenStores, silentEvents } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

export const DAY_MS = 86_400_000;
/** Of the licenses that are borrowed from. */
export const SPAN_MS = 55_000;
const ONE_SEAT: SeatClaim = { seats: 1, features: [] };
const DEPLOYMENT = "test.leasehold.local";
const THUMBPRINT = "A".repeat(43);

const leaseKey = signingKey("lease", (await generateKeyPair()).privateKey);
const TRUST: TrustBundle = { deployment: DEPLOYMENT, version: 1, issuedAt: 0, keys: [leaseKey] };

/** A seat that somebody got. */
export interface Got {
  readonly id: LeaseId;
  readonly holder: Holder;
  readonly fence: bigint;
  readonly claim: string;
  token: Uint8Array;
}

/** A license whose seats can be borrowed for 30 days, and what its holders do. */
export class BorrowScene {
  readonly pool: Pool;
  readonly stores: OpenStores;
  readonly ports: BorrowSeatPorts & AcquireSeatPorts;
  readonly #tokens = tokenKeys([Buffer.alloc(32, 7)]);

  private constructor(stores: OpenStores, pool: Pool) {
    this.stores = stores;
    this.pool = pool;
    this.ports = {
      ...stores,
      tokens: this.#tokens,
      borrowSigner: () => (claims) => signBorrow(leaseKey, claims),
      deployment: DEPLOYMENT,
      clock: systemClock,
      random: systemRandom,
    };
  }

  static async of(
    stores: OpenStores,
    { policy, ...terms }: Partial<Omit<Terms, "policy">> & { policy?: Partial<SeatPolicy> } = {},
  ): Promise<BorrowScene> {
    const pool = somePool({ ...terms, policy: { ...OPEN_POLICY, offlineDays: 30, ...policy } });
    await stores.pools.keep(pool);
    return new BorrowScene(stores, pool);
  }

  async acquire(holder = someHolder(), claim = ONE_SEAT): Promise<Got> {
    const { license } = this.pool;
    const id = someLease(license);
    const request = { license, id, holder, claim };
    const { fence, token } = await acquireSeat(this.ports, request);
    const facts = this.#tokens.read({ id, installation: holder.installation }, token);
    return { id, holder, fence, token, claim: facts?.claim ?? "" };
  }

  borrow({ id, holder, token }: Got, days: number, ports: Partial<BorrowSeatPorts> = {}) {
    return borrowSeat(
      { ...this.ports, ...ports },
      {
        license: this.pool.license,
        id,
        installation: holder.installation,
        token,
        durationMs: days * DAY_MS,
        licenseName: this.pool.name,
        product: "products/flow",
        publicKeyThumbprint: THUMBPRINT,
      },
    );
  }

  release({ id, holder }: Got, ports: Partial<BorrowSeatPorts> = {}): Promise<void> {
    const { license } = this.pool;
    const all = { ...this.ports, ...ports, wakes: seatWakes() };
    return releaseSeat(all, { license, id, installation: holder.installation });
  }

  /** One heartbeat, as it is answered. */
  async beat(got: Got): Promise<Renewal["kind"]> {
    const renew = leaseRenewer({ ...this.ports, events: silentEvents, apart: setImmediate });
    const { id, token } = got;
    const { installation } = got.holder;
    const lease = { ...got, member: id.member, expiry: 0 };
    const [renewal] = await renew({
      license: this.pool.license,
      installation,
      leases: [lease],
      shown: [{ leaseId: id.bytes, token }],
    });
    if (renewal?.kind === "renewed")
      got.token = this.ports.tokens.mint({ id, installation }, renewedFacts(lease, renewal));
    return renewal?.kind ?? "retry";
  }

  /** What the file claims, if the holder may rely on it now. */
  async claims(file: string): Promise<BorrowClaims | string> {
    const expected = { now: Date.now(), publicKeyThumbprint: THUMBPRINT, product: "products/flow" };
    const read = await verifyBorrow(file, TRUST, expected);
    return read.kind === "verified" ? read.claims : read.fault;
  }

  /** Lets so much of the pool's time pass. */
  async pass(ms: number): Promise<void> {
    await this.stores.client.hincrby(this.#key("m"), "skipped", -ms);
  }

  /** As if Redis had come up empty. */
  async loseData(): Promise<void> {
    const keys = await this.stores.client.keys(this.#key("*"));
    await this.stores.client.del(keys);
  }

  /** Waits for nobody who is not back. */
  async recover(): Promise<void> {
    await this.stores.recover(this.pool.license);
  }

  live(): Promise<number> {
    return this.stores.seats.readStanding(this.pool.license).then(({ live }) => live);
  }

  async listed() {
    return (await this.stores.seats.list(this.pool.license, 100, undefined)).seats;
  }

  /** The leases that Postgres remembers as borrowed. */
  async remembered(): Promise<readonly string[]> {
    const restoration = await this.stores.pools.readRestoration(this.pool.license);
    return restoration?.borrowed.map(({ id }) => id.member) ?? [];
  }

  /** The ledger's entries, each as its kind and two of its fields. */
  async ledger(): Promise<readonly string[]> {
    const entries = await this.stores.client.xrange(this.#key("e"), "-", "+");
    return entries.map(([, fields]) => {
      const field = (name: string) => fields[fields.indexOf(name) + 1];
      const kind = field("kind");
      return kind === "end" ? `end ${field("reason")}` : `${kind} ${field("borrowed")}`;
    });
  }

  #key(name: string): string {
    return keyOf(this.pool.license, name);
  }
}

/** The stores, with things that happen before or after some of their calls. */
export function troubled(
  stores: OpenStores,
  trouble: Partial<{
    readonly keep: (keep: () => Promise<boolean>) => Promise<boolean>;
    readonly end: (end: () => Promise<void>) => Promise<void>;
  }>,
): Pick<BorrowSeatPorts, "borrows"> {
  const { borrows } = stores;
  return {
    borrows: {
      ...borrows,
      keep: (lease, epoch) => {
        const keep = () => borrows.keep(lease, epoch);
        return trouble.keep ? trouble.keep(keep) : keep();
      },
      end: (license, id) => {
        const end = () => borrows.end(license, id);
        return trouble.end ? trouble.end(end) : end();
      },
    },
  };
}

/** A broker that restores and recovers by other stores. */
export function recovering(seats: OpenStores["seats"], pools: OpenStores["pools"]) {
  const restore = restorePool({ seats, pools });
  return { restore, recover: recoverPool({ seats, pools, restore, events: silentEvents, pause }) };
}

function keyOf(license: Uuid, name: string): string {
  return `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}:${name}`;
}
