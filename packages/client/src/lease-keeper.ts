import { msFromDuration, seatBroker } from "@leasehold/contracts";
import { endLease, type HeldLease } from "./held-lease.ts";
import type { KeepAliveLink } from "./keep-alive-link.ts";
import { advance, deadlineOf, dueAt, hasten, renew } from "./lease-timeline.ts";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

/** What keeping leases up needs. */
export interface KeeperPorts {
  readonly link: () => Pick<KeepAliveLink, "send" | "leave">;
  readonly elapsed: ElapsedClock;
  /** 0 to 1, evenly. */
  readonly chance: () => number;
}

/** The contract's limit of heartbeats a message. */
const HEARTBEATS_A_MESSAGE = 1_000;
/** The pace when there is nothing to keep up. */
const IDLE_PACE_MS = 45_000;
/** A timer may count only the time awake, so that none is trusted for longer than this. */
const LONGEST_NAP_MS = 5_000;

/** Keeps the leases of a session up: does what their timelines ask for, when they ask for it. */
export class LeaseKeeper implements Disposable {
  readonly #ports: KeeperPorts;
  readonly #leases = new Map<string, HeldLease>();
  /** When each message that is not answered yet was sent. */
  readonly #sent = new Map<bigint, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  /** The shortest validity of the leases, in milliseconds. */
  pace(): number {
    return [...this.#leases.values()].reduce(
      (pace, { timeline }) => Math.min(pace, timeline.validityMs),
      IDLE_PACE_MS,
    );
  }

  add(lease: HeldLease): void {
    this.#leases.set(lease.id.toString("hex"), lease);
    this.#arm();
  }

  remove(lease: Pick<HeldLease, "id">): void {
    this.#leases.delete(lease.id.toString("hex"));
    this.#arm();
  }

  /** A new stream is open: every lease shows itself on it at once. */
  opened(): void {
    const now = this.#ports.elapsed();
    this.#sent.clear();
    for (const lease of this.#leases.values()) lease.timeline = hasten(lease.timeline, now);
    this.#tick();
  }

  answered(seq: bigint, renewals: readonly seatBroker.Renewal[]): void {
    const sentAt = this.#sent.get(seq);
    this.#sent.delete(seq);
    if (sentAt === undefined) return;
    for (const renewal of renewals) {
      const lease = this.#leases.get(renewal.leaseId.toString("hex"));
      if (lease) this.#apply(lease, renewal, sentAt);
    }
    this.#arm();
  }

  /** An administrator took the seat back. */
  revoke(leaseId: Buffer, reason: string): void {
    const lease = this.#leases.get(leaseId.toString("hex"));
    if (lease === undefined) return;
    endLease(lease, { kind: "revoked", reason });
    this.remove(lease);
  }

  /** The license may not be used any more: every seat ends. */
  revokeAll(): void {
    for (const lease of this.#leases.values()) endLease(lease, { kind: "revoked", reason: "" });
    this.#leases.clear();
    this.#arm();
  }

  /** The seats of a resource are not to be had any more: each of them ends. @param pool what their ids begin with */
  revokePool(pool: Buffer): void {
    for (const [id, lease] of this.#leases) {
      if (!lease.id.subarray(0, pool.length).equals(pool)) continue;
      endLease(lease, { kind: "revoked", reason: "" });
      this.#leases.delete(id);
    }
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#leases.clear();
    clearTimeout(this.#timer);
  }

  #apply(lease: HeldLease, renewal: seatBroker.Renewal, sentAt: number): void {
    switch (renewal.outcome) {
      case seatBroker.RenewalOutcome.RENEWED: {
        const { elapsed, chance } = this.#ports;
        const validityMs = renewal.validity ? msFromDuration(renewal.validity) : 0;
        const renewed = renew(lease.timeline, { sentAt, validityMs }, elapsed(), chance());
        if (renewed !== lease.timeline) lease.token = renewal.token;
        lease.timeline = renewed;
        return;
      }
      case seatBroker.RenewalOutcome.EXPIRED:
      case seatBroker.RenewalOutcome.TOKEN_INVALID:
        endLease(lease, { kind: "lost", cause: "refused" });
        return this.remove(lease);
      case seatBroker.RenewalOutcome.REVOKED:
        endLease(lease, { kind: "revoked", reason: "" });
        return this.remove(lease);
      case seatBroker.RenewalOutcome.RETRY:
      case seatBroker.RenewalOutcome.UNSPECIFIED:
        return; // the timeline repeats the heartbeat by itself
    }
  }

  #tick(): void {
    const now = this.#ports.elapsed();
    const beating: HeldLease[] = [];
    let silent = false;
    for (const lease of this.#leases.values()) {
      const { timeline, steps } = advance(lease.timeline, now);
      lease.timeline = timeline;
      if (steps.includes("switch")) silent = true;
      if (steps.includes("beat")) beating.push(lease);
      if (steps.includes("jeopardy")) {
        const remainingMs = deadlineOf(timeline) - now;
        queueMicrotask(() => lease.events.emit("jeopardy", { remainingMs }));
      }
      if (!steps.includes("lost")) continue;
      endLease(lease, { kind: "lost", cause: "silence" });
      this.#leases.delete(lease.id.toString("hex"));
    }
    if (silent) this.#ports.link().leave();
    if (beating.length > 0) this.#beat([...beating, ...this.#almostDue(now)]);
    this.#arm();
  }

  /** Leases whose heartbeat is due so soon that it may as well go along. */
  #almostDue(now: number): HeldLease[] {
    const along: HeldLease[] = [];
    for (const lease of this.#leases.values()) {
      const { beatAt, beats, validityMs } = lease.timeline;
      if (beats > 0 || beatAt > now + validityMs / 40) continue;
      lease.timeline = advance(hasten(lease.timeline, now), now).timeline;
      along.push(lease);
    }
    return along;
  }

  #beat(leases: readonly HeldLease[]): void {
    for (let i = 0; i < leases.length; i += HEARTBEATS_A_MESSAGE) {
      const heartbeats = leases
        .slice(i, i + HEARTBEATS_A_MESSAGE)
        .map(({ id, token }) => ({ leaseId: id, token }));
      // Before the message is written: what the server promises counts from here.
      const sentAt = this.#ports.elapsed();
      const seq = this.#ports.link().send(heartbeats);
      if (seq !== undefined) this.#sent.set(seq, sentAt);
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    let due = Number.POSITIVE_INFINITY;
    for (const { timeline } of this.#leases.values()) due = Math.min(due, dueAt(timeline));
    if (due === Number.POSITIVE_INFINITY) return;
    const ms = Math.ceil(due - this.#ports.elapsed());
    this.#timer = setTimeout(() => this.#tick(), Math.min(Math.max(ms, 0), LONGEST_NAP_MS));
  }
}
