import { type Clock, isProblem, newUuid, type RandomBytes } from "@leasehold/kernel";
import type { Installation } from "./installation.ts";

/** What an installation shows with each call to one service. */
export interface InstallationCredentials {
  /** The metadata to send. The same proof serves until it is about to end. */
  metadata(): Promise<Record<string, string>>;
  /** How far from this machine's wall clock proofs are dated now, in milliseconds. */
  readonly offset: number;
  /**
   * Corrects the clock that proofs are dated by, if the failure was that it is wrong.
   * @param dated the offset that the call which failed was made with
   * @returns whether another try is worth while
   */
  correct(failure: unknown, dated: number): boolean;
}

/** Proofs are dated back a little, so that one made a moment ahead of the server's clock counts. */
const BACKDATED_MS = 30_000;
const PROOF_LIFE_MS = 300_000;
/** A proof is used until this long before its end, for a call takes time to arrive. */
const RENEWED_BEFORE_MS = 60_000;
/** A correction below this is no correction: the server would not have complained of it. */
const SMALLEST_CORRECTION_MS = 1_000;

/**
 * Credentials of an installation for one service of its deployment.
 * @param installation tells it anew for each call where its certificates may change; its key and
 *   deployment do not
 * @param service full name, for example `leasehold.seatbroker.v1.SeatBrokerService`
 */
export function installationCredentials(
  installation: Installation | (() => Installation),
  service: string,
  { clock, random }: { readonly clock: Clock; readonly random: RandomBytes },
): InstallationCredentials {
  let offset = 0;
  let kept: { readonly until: number; readonly proof: Promise<string> } | undefined;
  const current = typeof installation === "function" ? installation : () => installation;
  const audience = `${current().deployment}/${service}`;

  function proof(): Promise<string> {
    const now = clock.now() + offset;
    if (kept === undefined || now >= kept.until || now < kept.until - PROOF_LIFE_MS) {
      const issuedAt = now - BACKDATED_MS;
      const expiresAt = issuedAt + PROOF_LIFE_MS;
      const id = newUuid(clock, random);
      kept = {
        until: expiresAt - RENEWED_BEFORE_MS,
        proof: current().signProof({ audience, issuedAt, expiresAt, id }),
      };
    }
    return kept.proof;
  }

  return {
    async metadata() {
      return { "lh-installation": current().certificate, "lh-proof": await proof() };
    },
    get offset() {
      return offset;
    },
    correct(failure, dated) {
      if (!isProblem(failure, "CLOCK_SKEW")) return false;
      const serverTime = Date.parse(failure.metadata["server_time"] ?? "");
      const corrected = serverTime - clock.now();
      if (!(Math.abs(corrected - dated) >= SMALLEST_CORRECTION_MS)) return false;
      if (offset !== dated) return true; // a call that was made beside this one has corrected it
      offset = corrected;
      kept = undefined;
      return true;
    },
  };
}
