import { EventEmitter } from "node:events";
import { msFromDuration, seatBroker } from "@leasehold/contracts";
import { systemClock, systemRandom } from "@leasehold/kernel";
import { acquireRequest, type AcquireOptions, claimOf } from "./acquire-options.ts";
import { clockMarkFiles } from "./clock-mark-files.ts";
import { BorrowedSeats } from "./borrowed-seats.ts";
import { BrokerRing } from "./broker-ring.ts";
import { grantedTooLate, sessionClosed } from "./client-problems.ts";
import type { Dial } from "./dial-broker.ts";
import type { HeldLease, SeatClaim, SeatEvents, SeatLease } from "./held-lease.ts";
import { installationCredentials } from "./installation-credentials.ts";
import { KeepAliveLink, type LinkPorts } from "./keep-alive-link.ts";
import type { LicenseStanding } from "./license-standing.ts";
import { newLeaseId, poolOfLicense } from "./lease-id.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { cancelLease, type Granted, type LeasePorts } from "./lease-seat.ts";
import { begin, held } from "./lease-timeline.ts";
import { factsFromChange, policyOfChange } from "./license-change.ts";
import { featureLimit, hasFeature, type LicenseFacts } from "./license-facts.ts";
import {
  firstView,
  hearLicense,
  type LicenseView,
  type PendingChange,
  pendingChange,
} from "./license-view.ts";
import type { Installation } from "./installation.ts";
import { leaseAsAsked } from "./lease-as-asked.ts";
import { PendingCalls } from "./pending-calls.ts";
import { poolOfResource, type ResourceNews, resourceNews } from "./resource-change.ts";
import { type Seat, type SeatActs, seatOf } from "./seat.ts";
import { seatWarnings } from "./seat-warning.ts";
import { serversOf, type SessionEvents, type SessionOptions } from "./session-options.ts";
import { StandingKeeper } from "./standing-keeper.ts";
import { suspendAwareClock } from "./suspend-aware-clock.ts";
import { inSpan } from "./telemetry.ts";

/** How long a closing session waits for seat-brokers to hear of it. */
const CLOSING_MS = 3_000;

/** Opens a session. It connects by itself, now and after each loss; only acquiring can fail. */
export function openSession(options: SessionOptions): SeatSession {
  return new SeatSession(options);
}

/** The seats of one process. One stream keeps them all up. */
export class SeatSession implements AsyncDisposable {
  readonly events = new EventEmitter<SessionEvents>();
  readonly #options: Required<Pick<SessionOptions, "clock" | "random">> & SessionOptions;
  readonly #ports: LeasePorts;
  readonly #keeper: LeaseKeeper;
  readonly #link: KeepAliveLink;
  readonly #borrowed: BorrowedSeats;
  readonly #standing: StandingKeeper;
  readonly #closing = new AbortController();
  readonly #seats = new Set<Seat>();
  /** Calls that nobody waits for, until the session closes. */
  readonly #pending = new PendingCalls();
  #installation: Installation;
  #view: LicenseView;
  readonly #resources: ResourceNews;

  /** @internal Use `openSession`. Connects by `dial` if that is given, else over gRPC. */
  constructor(options: SessionOptions, dial?: Dial) {
    const { clock = systemClock, random = systemRandom, installation } = options;
    this.#options = { ...options, clock, random };
    this.#installation = installation;
    const current = () => this.#installation;
    this.#view = firstView(installation.license);
    this.#resources = resourceNews(installation.license.license);
    const elapsed = suspendAwareClock(clock);
    const service = seatBroker.SeatBrokerServiceDefinition.fullName;
    const credentials = installationCredentials(current, service, { clock, random });
    const { addresses, inOrder } = serversOf(options.seatBrokers);
    const brokers = new BrokerRing({
      addresses,
      security: options,
      metadata: () => credentials.metadata(),
      start: inOrder ? 0 : this.#chance(),
      dial,
    });
    const giveUp = (leaseId: Buffer) => void this.#pending.track(cancelLease(brokers, leaseId));
    this.#ports = { brokers, credentials, elapsed, giveUp };
    this.#borrowed = new BorrowedSeats({ ...this.#ports, installation: current, clock });
    this.#standing = new StandingKeeper({
      files: clockMarkFiles(installation),
      clock,
      elapsed,
      certified: current,
      facts: () => this.#view.acting,
      offset: () => credentials.offset,
      changed: (standing) => queueMicrotask(() => this.events.emit("stateChanged", standing)),
    });
    const chance = () => this.#chance();
    this.#keeper = new LeaseKeeper({ link: () => this.#link, elapsed, chance });
    const pace = () => this.#keeper.pace();
    this.#link = new KeepAliveLink({ ...this.#ports, chance, pace, listener: this.#listener() });
  }

  /** What the session acts by now. */
  get license(): LicenseFacts {
    return this.#view.acting;
  }

  /** The change that waits for a restart of the application; `undefined` if none does. */
  get pendingChange(): PendingChange | undefined {
    return pendingChange(this.#view);
  }

  /** How the installation stands towards its license now. */
  get state(): LicenseStanding {
    return this.#standing.standing;
  }

  /**
   * Goes on with the certificates that a refresh brought: calls and streams that begin from now on
   * show them, and `state` is told by them. What is open stays open. Certificates that are older than
   * those in use are passed over.
   * @throws RangeError if they are another installation's
   */
  renew(installation: Installation): void {
    const { name, deployment, issuedAt } = this.#installation;
    if (installation.name !== name || installation.deployment !== deployment)
      throw new RangeError("a session goes on with certificates of its own installation only");
    if (installation.issuedAt < issuedAt) return;
    this.#installation = installation;
    this.#standing.look();
  }

  /** Whether the license unlocks the feature now. */
  hasFeature(feature: string): boolean {
    return !this.#isLocked() && hasFeature(this.license, feature, this.#options.clock.now());
  }

  /** How many of a counted feature's things are allowed now: `0n` if locked, `undefined` if without limit. */
  featureLimit(feature: string): bigint | undefined {
    if (this.#isLocked()) return 0n;
    return featureLimit(this.license, feature, this.#options.clock.now());
  }

  /**
   * Leases a seat, now or when its turn has come.
   * @throws Problem NO_SEATS (with `retryAfterMs`, or after having waited; metadata `feature`
   *   where it is the seats of a feature that are taken), RECOVERING or POOL_DRAINED, which a
   *   wait outlasts; HOLDER_EXCLUDED, FEATURE_NOT_LICENSED (metadata `feature`), VERSION_NOT_COVERED
   *   (metadata `update`: `client` or `server`, `version`, `oldest`, `newest`), LICENSE_*;
   *   RESOURCE_NOT_LICENSED if the resource is not bound to the license, or none is named and the
   *   license has no seats but of resources; NOT_FOUND if no such resource was ever bound;
   *   CANCELLED, or one of the transport's when no seat-broker could answer
   */
  async acquire(options: AcquireOptions = {}): Promise<Seat> {
    if (this.#closing.signal.aborted) throw sessionClosed();
    const { signal } = options;
    const { clock, random } = this.#options;
    const { resource } = options;
    const pool =
      resource === undefined ? poolOfLicense(this.license.license) : poolOfResource(resource);
    const leaseId = newLeaseId(pool, clock, random);
    const request = acquireRequest(leaseId, this.#options, options);
    const closing = this.#closing.signal;
    const given = signal ? AbortSignal.any([signal, closing]) : closing;
    const ports = { ...this.#ports, chance: () => this.#chance() };
    const leasing = inSpan("leasehold.client.acquire", () =>
      leaseAsAsked(ports, request, options, given),
    );
    return this.#seat(await this.#pending.track(leasing), claimOf(options));
  }

  /**
   * The seats that this installation has borrowed, in this process or an earlier one, and
   * still holds. Needs no connection.
   */
  async borrowedSeats(): Promise<readonly Seat[]> {
    const seats = await this.#borrowed.restore((lease) => this.#actsOn(lease));
    if (this.license.state !== "active") this.#borrowed.revokeAll();
    return seats.filter((seat) => seat.held());
  }

  #isLocked(): boolean {
    return this.#options.whenLimited !== "keep" && this.state.state === "limited";
  }

  /** Gives all seats back but the borrowed ones, and closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const seat of this.#seats) void seat[Symbol.asyncDispose]();
    const limit = AbortSignal.timeout(CLOSING_MS);
    const timeUp = new Promise((resolve) => limit.addEventListener("abort", resolve));
    await Promise.race([this.#pending.settled(), timeUp]);
    this.#keeper[Symbol.dispose]();
    await this.#borrowed[Symbol.asyncDispose]();
    await this.#standing[Symbol.asyncDispose]();
    await this.#link[Symbol.asyncDispose]();
    await this.#ports.brokers[Symbol.asyncDispose]();
  }

  #seat({ lease, warnings: told, sentAt }: Granted, claim: SeatClaim): Seat {
    const { elapsed, giveUp } = this.#ports;
    const promised = {
      sentAt,
      validityMs: lease.validity ? msFromDuration(lease.validity) : 0,
      heartbeatMs: lease.heartbeat ? msFromDuration(lease.heartbeat) : 0,
    };
    const timeline = begin(promised, elapsed(), this.#chance());
    if (timeline === undefined || this.#closing.signal.aborted) giveUp(lease.leaseId);
    if (this.#closing.signal.aborted) throw sessionClosed();
    if (timeline === undefined) throw grantedTooLate();
    const warnings = seatWarnings(told);
    for (const warning of warnings) queueMicrotask(() => this.events.emit("warning", warning));
    const heldLease: HeldLease = {
      id: lease.leaseId,
      fencingToken: lease.fencingToken,
      claim,
      overdraft: lease.overdraft,
      warnings,
      events: new EventEmitter<SeatEvents>(),
      timeline,
      token: lease.token,
      borrow: undefined,
      end: undefined,
    };
    this.#keeper.add(heldLease);
    const keptUp = () => held(heldLease.timeline, elapsed());
    const seat = seatOf(heldLease, keptUp, this.#actsOn(heldLease));
    this.#seats.add(seat);
    const forget = () => void this.#seats.delete(seat);
    heldLease.events.once("lost", forget).once("revoked", forget);
    return seat;
  }

  #actsOn(lease: SeatLease): SeatActs {
    return {
      borrow: async (term, seat) => {
        if (this.#closing.signal.aborted) throw sessionClosed();
        await this.#pending.track(this.#borrowed.borrow(lease, seat, term, this.#closing.signal));
        this.#keeper.remove(lease);
      },
      giveBack: async (seat) => {
        this.#seats.delete(seat);
        this.#keeper.remove(lease);
        const isBorrowed = lease.borrow !== undefined;
        if (isBorrowed) await this.#pending.track(this.#borrowed.giveBack(lease));
        else await this.#pending.track(cancelLease(this.#ports.brokers, lease.id));
      },
    };
  }

  #listener(): LinkPorts["listener"] {
    return {
      opened: () => {
        this.#keeper.opened();
        this.#standing.contacted();
        void this.#pending.track(this.#borrowed.returnRemaining());
        queueMicrotask(() => this.events.emit("connected"));
      },
      closed: (problem) => queueMicrotask(() => this.events.emit("disconnected", problem)),
      answered: (seq, renewals) => this.#keeper.answered(seq, renewals),
      licenseChanged: (change) => this.#licenseChanged(change),
      seatRevoked: ({ leaseId, reason }) => {
        this.#keeper.revoke(leaseId, reason);
        this.#borrowed.revoke(leaseId, reason);
      },
    };
  }

  #licenseChanged(change: seatBroker.LicenseChanged): void {
    if (change.resource !== "") return this.#resourceChanged(change);
    const facts = factsFromChange(change);
    if (facts === undefined) return;
    const { view, changed, pending } = hearLicense(this.#view, facts, policyOfChange(change));
    this.#view = view;
    if (changed && facts.state !== "active") {
      this.#keeper.revokeAll();
      this.#borrowed.revokeAll();
    }
    if (changed) queueMicrotask(() => this.events.emit("licenseChanged", view.acting));
    this.#standing.look();
    if (pending) queueMicrotask(() => this.events.emit("restartRequired", pending));
  }

  #resourceChanged(told: seatBroker.LicenseChanged): void {
    const change = this.#resources.learn(told);
    if (change === undefined) return;
    if (!change.licensed) {
      const pool = poolOfResource(change.resource);
      this.#keeper.revokePool(pool);
      this.#borrowed.revokePool(pool);
    }
    queueMicrotask(() => this.events.emit("resourceChanged", change));
  }

  /** 0 to 1, evenly. */
  #chance(): number {
    const [a = 0, b = 0] = this.#options.random(2);
    return (a * 256 + b) / 65_536;
  }
}
