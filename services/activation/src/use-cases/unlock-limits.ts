import { createHmac } from "node:crypto";
import { isProblem } from "@leasehold/kernel";
import type { Rate } from "../domain/rate.ts";
import { triesExhausted } from "../domain/unlock-problems.ts";
import type { Bucket, Buckets } from "./unlock-limit-ports.ts";

/** How often may be tried to unlock, and how often in vain. */
export interface UnlockRates {
  /** Tries of a network, whatever comes of them. */
  readonly triesPerNetwork: Rate;
  /** Tries that failed, of a network. */
  readonly failuresPerNetwork: Rate;
  /** Tries that failed, with a product key. */
  readonly failuresPerKey: Rate;
}

/** Who tries, with what. */
export interface Trier {
  /** The network that the caller is in, as text. */
  readonly network: string;
  /** The product key, canonical. It is counted under a MAC, and goes nowhere. */
  readonly productKey: string;
}

/** How often may be tried to unlock. */
export interface UnlockLimits {
  /** Counts a try. @throws Problem RATE_LIMITED */
  readonly admit: (trier: Trier) => Promise<void>;
  /** Counts that it failed: key, licensee and product do not go together. */
  readonly failed: (trier: Trier) => Promise<void>;
}

/** What limits need. */
export interface UnlockLimitPorts {
  readonly rates: UnlockRates;
  /** Those that all replicas share. */
  readonly shared: Buckets;
  /** Those of this process, for when the shared ones are away. */
  readonly local: Buckets;
  /** What product keys are counted under, 32 bytes. */
  readonly secret: Uint8Array;
  /** Told when the shared buckets go away, and when they are back. */
  readonly report: (
    event: { readonly kind: "away"; readonly cause: unknown } | { kind: "back" },
  ) => void;
}

const LABEL = "leasehold/unlock-limit/v1\0";

/**
 * Limits of unlocking. Only failures are dear: whoever has a right key may unlock hundreds of machines
 * from one network, while guesses run out. A failure is charged when it is known to be one, so that
 * right and wrong tries at the same time do not stand in each other's way; many wrong ones at a time
 * go into debt. Nothing counts everybody's tries together: whoever has many addresses would keep all
 * others from unlocking, and guesses no key with them.
 */
export function unlockLimits(ports: UnlockLimitPorts): UnlockLimits {
  let isAway = false;

  async function withBuckets<T>(work: (buckets: Buckets) => Promise<T>): Promise<T> {
    try {
      const result = await work(ports.shared);
      if (isAway) ports.report({ kind: "back" });
      isAway = false;
      return result;
    } catch (cause) {
      if (!isProblem(cause, "DEPENDENCY_UNAVAILABLE")) throw cause;
      if (!isAway) ports.report({ kind: "away", cause });
      isAway = true;
      return work(ports.local);
    }
  }

  return {
    admit: async (trier) => {
      const waitMs = await withBuckets((buckets) => buckets.ask(bucketsOf(ports, trier, "try")));
      if (waitMs > 0) throw triesExhausted(Math.ceil(waitMs));
    },
    failed: (trier) => withBuckets((buckets) => buckets.charge(bucketsOf(ports, trier, "failure"))),
  };
}

/** A try takes a token of its network's, and looks for one in each bucket that a failure takes from. */
function bucketsOf(
  { rates, secret }: UnlockLimitPorts,
  { network, productKey }: Trier,
  what: "try" | "failure",
): readonly Bucket[] {
  const mac = createHmac("sha256", secret).update(LABEL).update(productKey).digest("base64url");
  const take = what === "failure";
  const failures: readonly Bucket[] = [
    { key: `failures:network:${network}`, rate: rates.failuresPerNetwork, take },
    { key: `failures:key:${mac}`, rate: rates.failuresPerKey, take },
  ];
  if (what === "failure") return failures;
  return [
    { key: `tries:network:${network}`, rate: rates.triesPerNetwork, take: true },
    ...failures,
  ];
}
