import { type Clock, isProblem } from "@leasehold/kernel";
import type { Pause } from "./ports.ts";
import type { SiteCertificates, SiteInstallation } from "./site-ports.ts";

/** What happens to the certificates of a site's own installation. */
export type CertificateEvent =
  | {
      readonly kind: "certificates-refreshed";
      readonly endTime: number;
      readonly trustVersion: number;
    }
  | { readonly kind: "certificates-failed"; readonly cause: unknown }
  | { readonly kind: "certificates-over"; readonly fault: string };

/** What keeping the certificates takes. */
export interface CertificatePorts {
  readonly installation: SiteInstallation;
  readonly clock: Pick<Clock, "now">;
  readonly report: (event: CertificateEvent) => void;
}

/** How the certificates stand, for whoever asks. */
export interface CertificateStanding {
  readonly state: "FRESH" | "FAILING" | "OVER" | "MISSING";
  /** Milliseconds since 1970; absent without certificates that verify. */
  readonly endTime?: number;
  readonly issuedAt?: number;
  readonly trustVersion?: number;
  /** A reason or a fault; empty if nothing is wrong. */
  readonly failure: string;
}

const REFRESHED_EVERY_MS = 24 * 3_600_000;
/** Whoever is refused again and again has more than old certificates. */
const URGED_EVERY_MS = 600_000;
const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
const TICK_MS = 10_000;

/**
 * Refreshes the certificates of a site's own installation: daily, or after half of their life, so that
 * whatever the vendor allows to be away for is left of them. What comes along is the vendor's newest
 * keys, and the newest revocation list.
 */
export class CertificateKeeper {
  readonly #ports: CertificatePorts;
  #failure: unknown;
  #failures = 0;
  #lastTry = Number.NEGATIVE_INFINITY;
  #wanted = false;
  #over: string | undefined;

  constructor(ports: CertificatePorts) {
    this.#ports = ports;
  }

  /**
   * The vendor signs with a key that is not known here, or knows the site's certificate no more: new
   * ones are asked for soon, and not more often than once in ten minutes.
   */
  urge(): void {
    if (this.#ports.clock.now() - this.#lastTry >= URGED_EVERY_MS) this.#wanted = true;
  }

  /** Looks whether it is time, and refreshes then. Never throws over the vendor's answers. */
  async round(signal: AbortSignal): Promise<void> {
    const { installation, clock, report } = this.#ports;
    const now = clock.now();
    const standing = await installation.read();
    this.#tellOver(standing);
    if (standing.kind !== "unlocked" || !this.#isDue(standing, now)) return;
    this.#wanted = false;
    this.#lastTry = now;
    try {
      await installation.refresh(signal);
    } catch (cause) {
      if (!signal.aborted) this.#failed(cause);
      return;
    }
    [this.#failure, this.#failures] = [undefined, 0];
    const fresh = await installation.read();
    if (fresh.kind !== "unlocked") return this.#tellOver(fresh);
    const { endTime, trustVersion } = fresh;
    report({ kind: "certificates-refreshed", endTime, trustVersion });
  }

  /** How they stand, without asking anybody. */
  async standing(): Promise<CertificateStanding> {
    const found = await this.#ports.installation.read();
    if (found.kind === "locked") return { state: "MISSING", failure: "" };
    if (found.kind === "refused") return { state: "OVER", failure: found.fault };
    const { kind: _, ...facts } = found;
    const failure = this.#failure;
    if (failure === undefined) return { state: "FRESH", failure: "", ...facts };
    const reason = isProblem(failure) ? failure.reason : "INTERNAL";
    return { state: "FAILING", failure: reason, ...facts };
  }

  #isDue({ issuedAt, endTime }: { issuedAt: number; endTime: number }, now: number): boolean {
    if (this.#failures > 0) return now - this.#lastTry >= this.#retryMs();
    return this.#wanted || now - issuedAt >= Math.min(REFRESHED_EVERY_MS, (endTime - issuedAt) / 2);
  }

  #retryMs(): number {
    return Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LAST_RETRY_MS);
  }

  /** A failure is told once, until it is over or another one. */
  #failed(cause: unknown): void {
    const reason = (thrown: unknown) => (isProblem(thrown) ? thrown.reason : thrown);
    if (reason(cause) !== reason(this.#failure))
      this.#ports.report({ kind: "certificates-failed", cause });
    this.#failure = cause;
    this.#failures += 1;
  }

  #tellOver(standing: SiteCertificates): void {
    const fault = standing.kind === "refused" ? standing.fault : undefined;
    if (fault !== undefined && fault !== this.#over)
      this.#ports.report({ kind: "certificates-over", fault });
    this.#over = fault;
    // Unlocked again, it starts afresh.
    if (fault !== undefined) [this.#failure, this.#failures] = [undefined, 0];
  }
}

/** Keeps the certificates until the signal aborts. Never throws. */
export async function keepCertificates(
  keeper: Pick<CertificateKeeper, "round">,
  { pause, failed }: { readonly pause: Pause; readonly failed: (cause: unknown) => void },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await keeper.round(signal).catch((cause: unknown) => {
      if (!signal.aborted) failed(cause);
    });
    await pause(TICK_MS, signal);
  }
}
