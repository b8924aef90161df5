import { randomBytes } from "node:crypto";
import {
  type Metadata,
  Server,
  type ServerDuplexStream,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from "@grpc/grpc-js";
import {
  ChangePolicy,
  durationFromMs,
  msFromDuration,
  LicenseModel,
  LicenseTerms,
  LicenseState,
  seatBroker,
} from "@leasehold/contracts";
import { type BorrowClaims, signBorrow, type SigningKey } from "@leasehold/license-format";
import { BORROWER, LEASE_KEY, LICENSE } from "./some-deployment.ts";
import { type Failure, failure, grpcDefinition, listenOn } from "./fake-server.ts";

const { RenewalOutcome } = seatBroker;

type Wait = ServerWritableStream<seatBroker.WaitForSeatRequest, seatBroker.WaitForSeatResponse>;
type Stream = ServerDuplexStream<seatBroker.KeepAliveRequest, seatBroker.KeepAliveResponse>;

/** A seat-broker that does as the test says. It grants and renews whatever it is asked to, until told otherwise. */
export class FakeBroker implements AsyncDisposable {
  validityMs = 2_000;
  /** What to answer AcquireSeat with: a failure, or nothing at all. */
  refusal: Failure | "silence" | undefined;
  /** What to answer heartbeats with; `silence` for nothing. */
  outcome: seatBroker.RenewalOutcome | "silence" = RenewalOutcome.RENEWED;
  /** What to answer KeepAlive with instead of a stream. */
  streamFailure: Failure | undefined;
  /** How far the broker's clock is ahead: it refuses proofs of another hour. It does not look if absent. */
  clockAheadMs: number | undefined;
  /** Whether streams open, but never say anything. */
  mute = false;
  /** What to answer BorrowSeat with: a failure, or nothing until the test says so. */
  borrowing: Failure | Promise<void> | undefined;
  /** What borrowed seats are signed with. */
  leaseKey: SigningKey = LEASE_KEY;
  /** What borrowed seats claim otherwise than what was asked for. */
  borrowClaims: Partial<BorrowClaims> = {};
  revision = 1n;
  seats = 3;
  changePolicy: ChangePolicy = ChangePolicy.LIVE;
  drained = false;
  overdraft = false;
  /** What holders are warned of. */
  warnings: seatBroker.LeaseWarning[] = [];
  readonly acquired: string[] = [];
  /** Each AcquireSeat. */
  readonly requests: seatBroker.AcquireSeatRequest[] = [];
  readonly borrowed: seatBroker.BorrowSeatRequest[] = [];
  readonly released: string[] = [];
  /** What to answer WaitForSeat with; nothing until the test says so, if absent. */
  waiting: Failure | undefined;
  /** The lease id and the ticket of each WaitForSeat. */
  readonly waited: { leaseId: string; ticket: string }[] = [];
  /** Whom each WaitForSeat was for, and what it takes. */
  readonly waiters: Pick<seatBroker.WaitForSeatRequest, "holder" | "claim">[] = [];
  readonly waits = new Set<Wait>();
  readonly heartbeats: { leaseId: string; token: string; messages: number }[] = [];
  readonly credentials: { installation: string; proof: string }[] = [];
  readonly streams = new Set<Stream>();
  address = "";
  #fence = 0n;
  #server = new Server();

  async start(port = 0): Promise<this> {
    this.#server = new Server();
    this.#server.addService(grpcDefinition(seatBroker.SeatBrokerServiceDefinition), {
      AcquireSeat: this.#acquire.bind(this),
      WaitForSeat: this.#wait.bind(this),
      ReleaseSeat: this.#release.bind(this),
      BorrowSeat: (
        call: ServerUnaryCall<seatBroker.BorrowSeatRequest, seatBroker.BorrowSeatResponse>,
        answer: sendUnaryData<seatBroker.BorrowSeatResponse>,
      ) => void this.#borrow(call.request, answer),
      KeepAlive: this.#keepAlive.bind(this),
    });
    this.address = await listenOn(this.#server, port);
    return this;
  }

  get port(): number {
    return Number(this.address.split(":")[1]);
  }

  tell(event: seatBroker.KeepAliveEvent["event"] & object): void {
    for (const stream of this.streams) stream.write({ seq: 0n, renewals: [], event: { event } });
  }

  /** Tells all streams an event that only a later contract has. */
  tellUnknown(): void {
    const event = Buffer.from([0x7a, 0x02, 0x08, 0x01]); // field 15, a message
    const message = Buffer.from([0x1a, event.length, ...event]);
    for (const stream of this.streams) stream.write(message as never);
  }

  /** Tells all who wait their place. */
  tellPosition(ahead: number, ticket: string, estimateMs?: number): void {
    const estimate = estimateMs === undefined ? undefined : durationFromMs(estimateMs);
    for (const wait of this.waits)
      wait.write({
        ticket: Buffer.from(ticket),
        state: { $case: "position", value: { ahead, estimate } },
      });
  }

  /** Offers all who wait a seat. */
  offer(): void {
    const value = { lapsesAfter: durationFromMs(3_000) };
    for (const wait of this.waits) {
      wait.write({ ticket: Buffer.from("offered"), state: { $case: "offer", value } });
      wait.end();
    }
    this.waits.clear();
  }

  drain(drained: boolean): void {
    this.drained = drained;
    this.tell({ $case: "licenseChanged", value: this.#license() });
  }

  changeLicense(change: Partial<Pick<this, "seats">> & { state?: LicenseState } = {}): void {
    this.revision++;
    this.seats = change.seats ?? this.seats;
    this.tell({ $case: "licenseChanged", value: this.#license(change.state) });
  }

  /** Ends like a process that was killed. */
  kill(): void {
    this.streams.clear();
    this.waits.clear();
    this.#server.forceShutdown();
  }

  // oxlint-disable-next-line typescript/require-await -- the interface's
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
  }

  #acquire(
    call: ServerUnaryCall<seatBroker.AcquireSeatRequest, seatBroker.AcquireSeatResponse>,
    answer: sendUnaryData<seatBroker.AcquireSeatResponse>,
  ): void {
    this.#note(call.metadata);
    this.acquired.push(call.request.leaseId.toString("hex"));
    this.requests.push(call.request);
    const skewed = this.#skewed(call.metadata);
    if (skewed) return answer(skewed);
    if (this.refusal === "silence") return;
    if (this.refusal) return answer(this.refusal);
    const lease = {
      leaseId: call.request.leaseId,
      fencingToken: ++this.#fence,
      validity: durationFromMs(this.validityMs),
      heartbeat: durationFromMs(this.validityMs / 4),
      token: randomBytes(8),
      overdraft: this.overdraft,
    };
    answer(null, { lease, warnings: this.warnings });
  }

  #wait(wait: Wait): void {
    this.#note(wait.metadata);
    const { leaseId, ticket, holder, claim } = wait.request;
    this.waiters.push({ holder, claim });
    this.waited.push({ leaseId: leaseId.toString("hex"), ticket: ticket.toString() });
    wait.on("error", () => undefined);
    if (this.waiting) return void wait.emit("error", this.waiting);
    this.waits.add(wait);
    wait.on("cancelled", () => this.waits.delete(wait));
  }

  async #borrow(
    request: seatBroker.BorrowSeatRequest,
    answer: sendUnaryData<seatBroker.BorrowSeatResponse>,
  ): Promise<void> {
    this.borrowed.push(request);
    const { borrowing } = this;
    if (borrowing instanceof Promise) await borrowing;
    else if (borrowing) return answer(borrowing);
    const issuedAt = Date.now() + (this.clockAheadMs ?? 0);
    const duration = request.duration ? msFromDuration(request.duration) : 0;
    const claims: BorrowClaims = {
      ...BORROWER,
      lease: request.leaseId.toString("base64url"),
      fencingToken: this.#fence,
      seats: 1,
      features: [],
      holder: { user: "", host: "", process: "" },
      issuedAt,
      endTime: issuedAt + duration,
      id: `borrow-${this.borrowed.length}`,
      ...this.borrowClaims,
    };
    const borrow = await signBorrow(this.leaseKey, claims);
    answer(null, { endTime: new Date(claims.endTime), borrow });
  }

  #release(
    call: ServerUnaryCall<seatBroker.ReleaseSeatRequest, seatBroker.ReleaseSeatResponse>,
    answer: sendUnaryData<seatBroker.ReleaseSeatResponse>,
  ): void {
    this.released.push(call.request.leaseId.toString("hex"));
    answer(null, {});
  }

  #keepAlive(stream: Stream): void {
    this.#note(stream.metadata);
    stream.on("error", () => undefined);
    const failed = this.streamFailure ?? this.#skewed(stream.metadata);
    if (failed) return void stream.emit("error", failed);
    this.streams.add(stream);
    stream.on("close", () => this.streams.delete(stream));
    stream.on("end", () => stream.end());
    stream.on("data", ({ seq, heartbeats }: seatBroker.KeepAliveRequest) => {
      if (this.mute) return;
      if (heartbeats.length === 0) return this.#greet(stream);
      for (const { leaseId, token } of heartbeats)
        this.heartbeats.push({
          leaseId: leaseId.toString("hex"),
          token: token.toString("hex"),
          messages: heartbeats.length,
        });
      if (this.outcome === "silence") return;
      const outcome = this.outcome;
      const renewals = heartbeats.map(({ leaseId }) => ({
        leaseId,
        outcome,
        validity: durationFromMs(this.validityMs),
        token: randomBytes(8),
      }));
      stream.write({ seq, renewals, event: undefined });
    });
  }

  #greet(stream: Stream): void {
    const event = { $case: "licenseChanged", value: this.#license() } as const;
    stream.write({ seq: 0n, renewals: [], event: { event } });
  }

  #license(state: LicenseState = LicenseState.ACTIVE): seatBroker.LicenseChanged {
    return {
      license: LICENSE,
      revision: this.revision,
      state,
      terms: LicenseTerms.fromPartial({
        model: LicenseModel.FLOATING,
        seats: this.seats,
        features: [{ feature: "dataflow" }],
        startTime: new Date(0),
        endTime: new Date("2100-01-01T00:00:00Z"),
        changePolicy: this.changePolicy,
      }),
      drained: this.drained,
      resource: "",
    };
  }

  /** The proofs of the session's tests begin with the time that they are dated by. */
  #skewed(metadata: Metadata): Failure | undefined {
    if (this.clockAheadMs === undefined) return undefined;
    const now = Date.now() + this.clockAheadMs;
    const dated = Number.parseInt(String(metadata.get("lh-proof")[0]), 10);
    if (Math.abs(now - dated) < 3_600_000) return undefined;
    return failure(status.UNAUTHENTICATED, "CLOCK_SKEW", {
      metadata: { server_time: new Date(now).toISOString() },
    });
  }

  #note(metadata: Metadata): void {
    const [installation] = metadata.get("lh-installation");
    const [proof] = metadata.get("lh-proof");
    this.credentials.push({ installation: String(installation), proof: String(proof) });
  }
}
