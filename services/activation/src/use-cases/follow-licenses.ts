import type { TokenFault } from "@leasehold/license-format";
import { backoff } from "../domain/backoff.ts";
import type { EntitlementFeed, Issuer, Pause } from "./ports.ts";
import { refreshTrust, type TrustPorts } from "./refresh-trust.ts";

/** What happens while the issuer is followed. */
export type FollowEvent =
  | { readonly kind: "following"; readonly afterFeedRevision: bigint }
  | { readonly kind: "license-changed"; readonly license: string; readonly revision: bigint }
  | { readonly kind: "trust-changed"; readonly version: number }
  | { readonly kind: "trust-refused"; readonly fault: TokenFault }
  | { readonly kind: "interrupted"; readonly cause: unknown; readonly retryMs: number };

/** What following needs. */
export interface FollowPorts {
  readonly issuer: Pick<Issuer, "watchLicenses">;
  readonly feed: Pick<EntitlementFeed, "apply" | "issuerCursor">;
  readonly trust: TrustPorts;
  readonly pause: Pause;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly report: (event: FollowEvent) => void;
}

/**
 * Takes over the licenses of the issuer as they change, until the signal aborts. Begins
 * where the last step was dealt with, whoever did it; begins again after any failure, later
 * each time. Never throws: what goes wrong is reported, and the entitlements stay as they are.
 */
export async function followLicenses(ports: FollowPorts, signal: AbortSignal): Promise<void> {
  let failures = 0;
  const progress = () => {
    failures = 0;
  };
  while (!signal.aborted) {
    let cause: unknown = "the stream ended";
    try {
      await followOnce(ports, progress, signal);
    } catch (error) {
      cause = error;
    }
    if (signal.aborted) return;
    failures += 1;
    const retryMs = backoff(failures, ports.random());
    ports.report({ kind: "interrupted", cause, retryMs });
    await ports.pause(retryMs, signal);
  }
}

async function followOnce(
  { issuer, feed, trust, report }: FollowPorts,
  progress: () => void,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await refreshTrust(trust, signal);
  if (outcome.kind === "changed") report({ kind: "trust-changed", version: outcome.version });
  // An issuer that cannot prove its keys is not believed about licenses either.
  if (outcome.kind === "refused") {
    report({ kind: "trust-refused", fault: outcome.fault });
    return;
  }
  const cursor = await feed.issuerCursor();
  report({ kind: "following", afterFeedRevision: cursor });
  for await (const step of issuer.watchLicenses(cursor, signal)) {
    const changed = await feed.apply(step);
    progress();
    if (changed && step.license !== undefined)
      report({
        kind: "license-changed",
        license: step.license.license,
        revision: step.license.revision,
      });
  }
}
