import type { Uuid } from "@leasehold/kernel";
import { partyOf } from "../domain/installation-access.ts";
import type { Installation } from "../domain/installation.ts";
import {
  disabledByVendor,
  installationEnded,
  installationStateConflict,
} from "../domain/installation-problems.ts";
import { changeInstallation } from "./change-installation.ts";
import type {
  HistoryEntry,
  InstallationPorts,
  InstallationWrites,
  NewState,
} from "./installation-ports.ts";
import type { Mutation } from "./mutation.ts";

/** Longer than any certificate lives: from then on nobody needs to know who was barred. */
const CERTIFICATES_OVER_MS = 31 * 24 * 3_600_000;

/**
 * Disables an installation: it gets no seat and no certificate until it is enabled. The vendor may
 * disable what the customer has disabled, which only the vendor enables from then on.
 * @throws Problem NOT_FOUND, PERMISSION_DENIED, INSTALLATION_ENDED, STATE_CONFLICT
 */
export function disableInstallation(
  ports: InstallationPorts,
  mutation: Mutation,
  id: Uuid,
): Promise<Installation> {
  return changeInstallation(ports, mutation, id, (writes, { installation }) => {
    const { state, stateChange } = installation;
    if (state === "ENDED") throw installationEnded();
    const party = partyOf(mutation.caller);
    const takesOver = party === "VENDOR" && stateChange?.party !== "VENDOR";
    if (state === "DISABLED" && !takesOver) throw installationStateConflict(state);
    const to = { state: "DISABLED", barredUntil: "forever" } as const;
    return bringInto(ports, mutation, writes, { installation, kind: "DISABLED", to });
  });
}

/**
 * Enables an installation that is disabled, and forgives a conflict.
 * @throws Problem NOT_FOUND; PERMISSION_DENIED, also to a customer if the vendor disabled it;
 *   INSTALLATION_ENDED; STATE_CONFLICT if there is nothing to lift or to forgive
 */
export function enableInstallation(
  ports: InstallationPorts,
  mutation: Mutation,
  id: Uuid,
): Promise<Installation> {
  return changeInstallation(ports, mutation, id, (writes, { installation }) => {
    const { state, stateChange, conflict } = installation;
    if (state === "ENDED") throw installationEnded();
    if (state === "ACTIVE" && conflict === undefined) throw installationStateConflict(state);
    const isVendors = state === "DISABLED" && stateChange?.party === "VENDOR";
    if (isVendors && partyOf(mutation.caller) !== "VENDOR") throw disabledByVendor();
    const to = { state: "ACTIVE", forgiven: conflict !== undefined } as const;
    return bringInto(ports, mutation, writes, { installation, kind: "ENABLED", to });
  });
}

/**
 * Ends an installation for good.
 * @throws Problem NOT_FOUND, PERMISSION_DENIED, INSTALLATION_ENDED
 */
export function deactivateInstallation(
  ports: InstallationPorts,
  mutation: Mutation,
  id: Uuid,
): Promise<Installation> {
  return changeInstallation(ports, mutation, id, (writes, { installation }) => {
    if (installation.state === "ENDED") throw installationEnded();
    return endInstallation(ports, mutation, writes, { installation, kind: "DEACTIVATED" });
  });
}

/** Ends an installation, in the transaction of a mutation. */
export function endInstallation(
  ports: Pick<InstallationPorts, "clock">,
  mutation: Doing,
  writes: InstallationWrites,
  ending: {
    readonly installation: Installation;
    readonly kind: "DEACTIVATED" | "TRANSFERRED";
    readonly successor?: Uuid;
  },
): Promise<Installation> {
  const { installation, kind, successor } = ending;
  const barredUntil = ports.clock.now() + CERTIFICATES_OVER_MS;
  const to = { state: "ENDED", barredUntil, successor } as const;
  return bringInto(ports, mutation, writes, { installation, kind, to });
}

/** Who does it, and why. */
type Doing = Pick<Mutation, "caller" | "subject" | "why">;

interface Change {
  readonly installation: Installation;
  readonly kind: HistoryEntry["kind"];
  readonly to: Pick<NewState, "state"> & Partial<NewState>;
}

/** The state, its entry of the history, and word to the seat-brokers: all of it or nothing. */
async function bringInto(
  { clock }: Pick<InstallationPorts, "clock">,
  { caller, subject, why }: Doing,
  writes: InstallationWrites,
  { installation, kind, to }: Change,
): Promise<Installation> {
  const change = { party: partyOf(caller), why, time: clock.now() };
  await writes.append(installation.id, { kind, subject, ...change });
  const changed = await writes.changeState(installation.id, {
    barredUntil: undefined,
    forgiven: false,
    successor: undefined,
    ...change,
    ...to,
  });
  await writes.tellBrokers(installation.license, change.time);
  return changed;
}
