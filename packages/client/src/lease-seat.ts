import type { seatBroker } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import type { BrokerRing } from "./broker-ring.ts";
import type { BrokerClient } from "./dial-broker.ts";
import { incompleteAnswer } from "./client-problems.ts";
import type { InstallationCredentials } from "./installation-credentials.ts";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

/** What leasing a seat needs. */
export interface LeasePorts {
  readonly brokers: BrokerRing;
  readonly credentials: Pick<InstallationCredentials, "correct" | "offset">;
  readonly elapsed: ElapsedClock;
  /** Cancels a lease that may have been granted without our knowing. */
  readonly giveUp: (leaseId: Buffer) => void;
}

/** A lease, and the instant (of the elapsed clock) read before it was asked for. */
export interface Granted {
  readonly lease: seatBroker.Lease;
  readonly warnings: readonly seatBroker.LeaseWarning[];
  readonly sentAt: number;
}

/** Reasons that say nothing of the seat: another seat-broker may answer. */
const TRY_ELSEWHERE = new Set([
  "DRAINING",
  "OVERLOADED",
  "DEPENDENCY_UNAVAILABLE",
  "SERVER_UNTRUSTED",
  "DEADLINE_EXCEEDED",
  "INTERNAL",
]);

/** How asking for a lease came out. */
export type Leasing =
  | ({ readonly kind: "leased" } & Granted)
  /** `unsure`: some seat-broker may have granted it all the same. */
  | { readonly kind: "failed"; readonly failure: unknown; readonly unsure: boolean };

/**
 * Leases a seat now.
 * @throws Problem the decision, or the last failure. An attempt whose outcome is unknown
 *   is given up, so that a seat is never granted to nobody.
 */
export async function leaseSeat(
  ports: LeasePorts,
  request: seatBroker.AcquireSeatRequest,
  signal: AbortSignal,
): Promise<Granted> {
  const leasing = await tryToLease(ports, request, signal);
  if (leasing.kind === "leased") return leasing;
  if (leasing.unsure) ports.giveUp(request.leaseId);
  throw leasing.failure;
}

/**
 * Asks each seat-broker in turn for the lease until one decides. The lease id makes the
 * repetition harmless: whoever carries it out first, it is one lease.
 */
export async function tryToLease(
  ports: Omit<LeasePorts, "giveUp">,
  request: seatBroker.AcquireSeatRequest,
  signal: AbortSignal,
): Promise<Leasing> {
  let asked = 0;
  let last: unknown;
  for (const broker of ports.brokers.inTurn()) {
    asked++;
    try {
      return { kind: "leased", ...(await ask(broker, ports, request, signal)) };
    } catch (failure) {
      last = failure;
    }
    if (signal.aborted || !isUndecided(last)) break;
  }
  return { kind: "failed", failure: last, unsure: asked > 1 || isUndecided(last) };
}

/** Asks one seat-broker. */
async function ask(
  broker: BrokerClient,
  { credentials, elapsed }: Omit<LeasePorts, "giveUp">,
  request: seatBroker.AcquireSeatRequest,
  signal: AbortSignal,
): Promise<Granted> {
  const attempt = async (): Promise<Granted> => {
    const sentAt = elapsed();
    const { lease, warnings } = await broker.acquireSeat(request, { signal });
    if (lease === undefined) throw incompleteAnswer("lease");
    return { lease, warnings, sentAt };
  };
  return byRightClock(credentials, attempt);
}

/** Makes a call; once more if the server says that the clock was wrong, and by how much. */
export async function byRightClock<Result>(
  credentials: LeasePorts["credentials"],
  call: () => Promise<Result>,
): Promise<Result> {
  const dated = credentials.offset;
  try {
    return await call();
  } catch (failure) {
    if (!credentials.correct(failure, dated)) throw failure;
    return call();
  }
}

/**
 * Gives a lease back, or makes sure that its id never becomes one. Asks each seat-broker
 * until one confirms.
 * @returns whether one did
 */
export async function cancelLease(
  brokers: Pick<BrokerRing, "inTurn">,
  leaseId: Buffer,
): Promise<boolean> {
  for (const broker of brokers.inTurn()) if (await released(broker, leaseId)) return true;
  return false;
}

async function released(broker: BrokerClient, leaseId: Buffer): Promise<boolean> {
  try {
    await broker.releaseSeat({ leaseId });
    return true;
  } catch (failure) {
    if (isProblem(failure)) return false;
    throw failure;
  }
}

/** Whether a failure says nothing of the seat, so that it is worth while to ask again. */
export function isUndecided(failure: unknown): boolean {
  return (
    isProblem(failure) && (failure.reason === "CANCELLED" || TRY_ELSEWHERE.has(failure.reason))
  );
}
