import { isProblem, systemClock, type Uuid, uuidBytes } from "@leasehold/kernel";
import type { SeatClaim } from "../src/domain/claim.ts";
import type { Holder } from "../src/domain/holder.ts";
import type { LeaseId } from "../src/domain/lease-id.ts";
import { tokenKeys } from "../src/domain/lease-token.ts";
import type { Pool } from "../src/domain/pool.ts";
import { postgresAdministration } from "../src/store/postgres-administration.ts";
import { acquireSeat } from "../src/use-cases/acquire-seat.ts";
import type { AdministrationStore } from "../src/use-cases/administration-ports.ts";
import { drainPool } from "../src/use-cases/drain-pool.ts";
import { releaseSeat } from "../src/use-cases/release-seat.ts";
import { leaseRenewer, renewedFacts, type Renewal } from "../src/use-cases/renew-leases.ts";
import { revokeSeat } from "../src/use-cases/revoke-seat.ts";
import { seatWakes } from "../src/use-cases/seat-wakes.ts";
import { type OpenStores, silentEvents } from "./open-stores.ts";
import { someHolder, someLease } from "./some-pool.ts";

export const ADMINISTRATOR = "rita";
const ONE_SEAT: SeatClaim = { seats: 1, features: [] };
const tokens = tokenKeys([Buffer.alloc(32, 7)]);

/** A lease as its holder knows it. */
export interface HeldLease {
  readonly id: LeaseId;
  readonly holder: Holder;
  token: Buffer;
}

/** The pool of a license, its use cases without a server in front, and a time that can be moved on. */
export interface AdministeredPool {
  readonly administration: AdministrationStore;
  /** A seat, or the reason why there is none. */
  readonly acquire: (given?: Wanted) => Promise<HeldLease | string>;
  readonly hold: (given?: Wanted) => Promise<HeldLease>;
  /** What became of a lease upon a heartbeat. */
  readonly beat: (held: HeldLease) => Promise<Renewal["kind"]>;
  readonly release: (held: HeldLease) => Promise<void>;
  /** Takes a lease back; the reason why not, if it is not. */
  readonly revoke: (id: LeaseId, immediate?: boolean) => Promise<string | undefined>;
  readonly drain: (drained: boolean) => Promise<void>;
  /** Redis loses all that it knows of the license. */
  readonly loseData: () => Promise<void>;
  /** Redis becomes another one, with the data of the one before. */
  readonly promote: () => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
}

interface Wanted {
  readonly holder?: Holder;
  readonly claim?: SeatClaim;
  readonly id?: LeaseId;
}

export async function administeredPool(stores: OpenStores, pool: Pool): Promise<AdministeredPool> {
  const { license } = pool;
  await stores.pools.keep(pool);
  const administration = postgresAdministration(stores.postgres);
  const [wakes, events, clock] = [seatWakes(), silentEvents, systemClock];
  const ports = { ...stores, administration, tokens, wakes, events, clock };
  const renew = leaseRenewer({ ...ports, apart: setImmediate });
  const key = (name: string) => keyOf(license, name);

  async function acquire(given: Wanted = {}): Promise<HeldLease | string> {
    const { holder = someHolder(), claim = ONE_SEAT, id = someLease(license) } = given;
    const granted = await reasonOr(acquireSeat(ports, { license, id, holder, claim }));
    return typeof granted === "string" ? granted : { id, holder, token: granted.token };
  }

  return {
    administration,
    acquire,
    hold: async (given) => {
      const held = await acquire(given);
      if (typeof held === "string") throw new Error(`no seat: ${held}`);
      return held;
    },
    beat: async (held) => {
      const { id, holder, token } = held;
      const { installation } = holder;
      const lease = { member: id.member, ...tokens.read({ id, installation }, token)! };
      const shown = [{ leaseId: id.bytes, token }];
      const [renewal] = await renew({ license, installation, leases: [lease], shown });
      if (renewal?.kind === "renewed")
        held.token = tokens.mint({ id, installation }, renewedFacts(lease, renewal));
      return renewal!.kind;
    },
    release: ({ id, holder: { installation } }) =>
      releaseSeat(ports, { license, id, installation }),
    revoke: async (id, immediate = false) => {
      const why = { reason: "leaves the company", subject: ADMINISTRATOR };
      return (await reasonOr(revokeSeat(ports, { license, id, immediate, ...why }))) ?? undefined;
    },
    drain: (drained) => drainPool(ports, { name: pool.name, drained, subject: ADMINISTRATOR }),
    loseData: async () => {
      const keys = await stores.client.keys(key("*"));
      if (keys.length > 0) await stores.client.del(...keys);
    },
    promote: async () => {
      await stores.client.hset(key("m"), "incarnation", "another");
    },
    pass: async (ms) => {
      await stores.client.hincrby(key("m"), "skipped", -ms);
    },
  };
}

function keyOf(license: Uuid, name: string): string {
  return `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}:${name}`;
}

async function reasonOr<Value>(work: Promise<Value>): Promise<Value | string> {
  try {
    return await work;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.reason;
  }
}
