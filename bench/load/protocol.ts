/** A lease as its client knows it. */
export interface HeldLease {
  readonly id: Buffer;
  /** What proves it; empty where nothing does. */
  readonly token: Buffer;
}

/** Who asks for a lease, and how. */
export interface AcquireCall {
  readonly id: Buffer;
  readonly message: Buffer;
}

/** What a message of a stream answered. */
export interface BeatAnswer {
  readonly renewed: number;
  /** Leases that are gone. */
  readonly lost: number;
  /** Leases of which nothing could be decided now. */
  readonly undecided: number;
}

export type CallMethod = "acquire" | "renew" | "release";

/** How leases are had from a kind of server. All messages carry gRPC's prefix, all bodies lack it. */
export interface Protocol {
  readonly paths: Readonly<Record<CallMethod | "stream", string>>;
  /** Sent when a stream is opened, and answered by one message; nothing where that is not so. */
  readonly opening: Buffer | undefined;
  /** Limit of a unary call, as gRPC tells it. */
  readonly timeout: string;
  acquire(): AcquireCall;
  /** @throws Error if the answer grants nothing */
  granted(call: AcquireCall, body: Buffer): HeldLease;
  renew(lease: HeldLease): Buffer;
  renewed(body: Buffer): BeatAnswer;
  release(lease: HeldLease): Buffer;
  beats(leases: readonly HeldLease[]): Buffer;
  /** `undefined`: the message answers none. */
  answered(body: Buffer): BeatAnswer | undefined;
}
