import { EventEmitter } from "node:events";
import type { Clock } from "@leasehold/kernel";
import { clockSinceBorrowed } from "./borrow-clock.ts";
import { type BorrowDirectory, borrowDirectory, type BorrowRecord } from "./borrow-directory.ts";
import { type BorrowPorts, borrowSeat } from "./borrow-seat.ts";
import { seatNotHeld } from "./client-problems.ts";
import { endLease, type SeatEvents, type SeatLease } from "./held-lease.ts";
import { cancelLease } from "./lease-seat.ts";
import { runBorrow } from "./running-borrow.ts";
import { type BorrowTerm, type Seat, type SeatActs, seatOf } from "./seat.ts";
import { verifyBorrowRecord } from "./verify-borrow-record.ts";

/** What the borrowed seats of a session need. */
export interface BorrowedSeatsPorts extends BorrowPorts {
  readonly clock: Pick<Clock, "now">;
}

interface BorrowedSeat {
  readonly lease: SeatLease;
  readonly seat: Seat;
}

const DAY_MS = 86_400_000;

/** The borrowed seats of an installation, as one session knows them. They outlive it. */
export class BorrowedSeats implements AsyncDisposable {
  readonly #ports: BorrowedSeatsPorts;
  readonly #directory: BorrowDirectory;
  readonly #known = new Map<string, BorrowedSeat>();

  constructor(ports: BorrowedSeatsPorts) {
    this.#ports = ports;
    this.#directory = borrowDirectory(ports.installation().directory);
  }

  /**
   * Makes a seat that is held a borrowed one, or borrows it for longer.
   * @throws Problem as `borrowSeat`, or LEASE_EXPIRED if the seat ended first
   */
  async borrow(lease: SeatLease, seat: Seat, term: BorrowTerm, signal: AbortSignal): Promise<void> {
    const { clock, credentials, elapsed } = this.#ports;
    if (!seat.held()) throw seatNotHeld();
    const now = clock.now() + credentials.offset;
    const durationMs = "days" in term ? term.days * DAY_MS : term.until.getTime() - now;
    const borrowed = await borrowSeat(this.#ports, lease, durationMs, signal);
    const { claims, token, sentAt } = borrowed;
    const time = clockSinceBorrowed(elapsed, { issuedAt: claims.issuedAt, sentAt });
    const record: BorrowRecord = {
      lease: lease.id.toString("hex"),
      borrow: token,
      leaseToken: lease.token.toString("base64"),
      overdraft: lease.overdraft,
      behindMs: Math.max(0, time() - clock.now()),
    };
    if (seat.held()) await this.#directory.keep(record, time());
    // The seat may have ended meanwhile, and what has ended never comes back.
    if (!seat.held()) {
      await this.giveBack(lease);
      throw seatNotHeld();
    }
    await this.#run({ lease, seat }, { endTime: claims.endTime, token, now: time });
  }

  /** The seats that this installation has borrowed. Needs no connection. */
  async restore(acts: (lease: SeatLease) => SeatActs): Promise<readonly Seat[]> {
    for (const record of await this.#directory.list()) {
      if (!this.#known.has(record.lease)) await this.#restore(record, acts);
    }
    return Array.from(this.#known.values(), ({ seat }) => seat);
  }

  /** Gives a borrowed seat back: on this machine for good, to a seat-broker if one can be reached. */
  async giveBack(lease: SeatLease): Promise<void> {
    const id = lease.id.toString("hex");
    await lease.borrow?.[Symbol.asyncDispose]();
    // Before any seat-broker frees it: nobody here may take it up again.
    await this.#directory.startReturn(id);
    this.#known.delete(id);
    await this.#return(id);
  }

  /** Tells of the seats that were given back while no seat-broker could be reached. */
  async returnRemaining(): Promise<void> {
    for (const lease of await this.#directory.listReturning()) await this.#return(lease);
  }

  /** An administrator took the seat back. */
  revoke(leaseId: Buffer, reason: string): void {
    const known = this.#known.get(leaseId.toString("hex"));
    if (known) endLease(known.lease, { kind: "revoked", reason });
  }

  /** The license may not be used any more: every seat ends. */
  revokeAll(): void {
    for (const { lease } of this.#known.values()) endLease(lease, { kind: "revoked", reason: "" });
  }

  /** The seats of a resource are not to be had any more: each of them ends. @param pool what their ids begin with */
  revokePool(pool: Buffer): void {
    for (const { lease } of this.#known.values())
      if (lease.id.subarray(0, pool.length).equals(pool))
        endLease(lease, { kind: "revoked", reason: "" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { lease } of this.#known.values()) await lease.borrow?.[Symbol.asyncDispose]();
  }

  async #restore(record: BorrowRecord, acts: (lease: SeatLease) => SeatActs): Promise<void> {
    const { lease: id, borrow, overdraft } = record;
    const installation = this.#ports.installation();
    const read = await verifyBorrowRecord(record, installation, this.#directory, this.#ports);
    if (read.kind === "over") await this.#directory.forget(id);
    if (read.kind !== "running" || this.#known.has(id)) return;
    const { fencingToken, seats, features, endTime } = read.claims;
    const lease: SeatLease = {
      id: Buffer.from(id, "hex"),
      fencingToken,
      claim: { seats, features },
      overdraft,
      warnings: [],
      events: new EventEmitter<SeatEvents>(),
      token: Buffer.from(record.leaseToken, "base64"),
      borrow: undefined,
      end: undefined,
    };
    const seat = seatOf(lease, () => false, acts(lease));
    await this.#run({ lease, seat }, { endTime, token: borrow, now: read.now });
  }

  async #run(
    borrowed: BorrowedSeat,
    parts: { readonly endTime: number; readonly token: string; readonly now: () => number },
  ): Promise<void> {
    const { lease } = borrowed;
    const id = lease.id.toString("hex");
    const earlier = lease.borrow;
    lease.borrow = runBorrow(lease, { ...parts, directory: this.#directory });
    this.#known.set(id, borrowed);
    if (earlier) return earlier[Symbol.asyncDispose]();
    lease.events.once("lost", () => {
      this.#known.delete(id);
      void this.#forget(lease).catch(() => undefined); // or whoever looks next forgets it
    });
  }

  async #forget(lease: SeatLease): Promise<void> {
    await lease.borrow?.[Symbol.asyncDispose](); // what it still notes would be left over
    await this.#directory.forget(lease.id.toString("hex"));
  }

  async #return(lease: string): Promise<void> {
    const id = Buffer.from(lease, "hex");
    if (await cancelLease(this.#ports.brokers, id)) await this.#directory.forget(lease);
  }
}
