import type { Problem, Uuid } from "@leasehold/kernel";
import { matches } from "./fingerprint-match.ts";
import type { ConflictKind, Fingerprint, KnownMachine } from "./installation.ts";
import {
  fingerprintMismatch,
  installationConflict,
  installationDisabled,
  installationEnded,
} from "./installation-problems.ts";

/** How an installation presents itself. */
export interface Presented {
  /** Of the refresh that is asked for, or was asked for last. */
  readonly requestId: Uuid;
  readonly counter: number;
  readonly fingerprint: Fingerprint | undefined;
}

/** What is thought of it. */
export type Verdict =
  | {
      readonly kind: "accepted";
      /** What the next refresh is to come with. */
      readonly counter: number;
      /** The machine as it is known from now on. */
      readonly fingerprint: Fingerprint | undefined;
      /** Whether the counter is ahead of what is known: data of the service's were lost. */
      readonly isAhead: boolean;
    }
  | {
      readonly kind: "refused";
      readonly problem: Problem;
      /** What an administrator is to look at; absent if there is nothing. */
      readonly conflict?: ConflictKind;
    };

/**
 * So many refreshes may be lost with the newest data of the service. A counter that is further
 * ahead was never given.
 */
const MOST_AHEAD = 1_000;

/**
 * Judges a refresh. One that comes again with the request that was the last to count is the same
 * refresh, whose answer was lost: it counts once.
 */
export function judgeRefresh(known: KnownMachine, presented: Presented): Verdict {
  const { state } = known.installation;
  if (state === "DISABLED") return refused(installationDisabled());
  if (state === "ENDED") return refused(installationEnded());
  return judgeMachine(known, presented);
}

/** Judges whether it is the machine that has the installation, and no copy of it. */
export function judgeMachine(known: KnownMachine, presented: Presented): Verdict {
  const { installation, forgiven } = known;
  if (!forgiven && !matches(known.fingerprint, presented.fingerprint))
    return refused(fingerprintMismatch(), "FINGERPRINT");
  // It is known by what it told last: so one that changes little by little stays known.
  const fingerprint = presented.fingerprint ?? known.fingerprint;
  const accepted = { kind: "accepted", fingerprint } as const;
  const { counter: stored } = installation;
  const { counter } = presented;
  const isLast = known.refreshRequest === presented.requestId && counter === stored - 1;
  if (isLast) return { ...accepted, counter: stored, isAhead: false };
  if (counter === stored) return { ...accepted, counter: stored + 1, isAhead: false };
  if (counter > stored && counter - stored <= MOST_AHEAD)
    return { ...accepted, counter: counter + 1, isAhead: true };
  if (forgiven) return { ...accepted, counter: stored + 1, isAhead: false };
  return refused(installationConflict(), "COUNTER");
}

function refused(problem: Problem, conflict?: ConflictKind): Verdict {
  return { kind: "refused", problem, ...(conflict && { conflict }) };
}
