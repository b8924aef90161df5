import {
  type activation,
  type InstallationPolicy,
  VirtualMachinePolicy,
} from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { expect } from "vitest";
import { issuedLicense, issuedTerms } from "./issued.ts";
import type { RunningActivation } from "./running-activation.ts";
import { freshId, freshKey } from "./unlock-requests.ts";
import { type UnlockedInstallation, unlockedInstallation } from "./unlocked-installation.ts";

/** A license as a test wants it. */
export interface LicenseGiven {
  /** Its id; Acme unless told. */
  readonly customer?: string;
  /** How often its installations may be moved; never unless told. */
  readonly transfers?: number;
}

/** A machine that was unlocked, and what unlocks others of its license. */
export type Machine = UnlockedInstallation & { readonly license: string; readonly key: string };

let licenses = 0;

/** A license that nobody has unlocked. */
export function newLicense(
  running: RunningActivation,
  { customer = "acme", transfers = 0 }: LicenseGiven = {},
): { readonly name: string; readonly key: string } {
  const key = freshKey();
  const name = `customers/${customer}/licenses/lives-${++licenses}`;
  const terms = issuedTerms({ installationPolicy: policy(transfers) });
  running.issuer.put(issuedLicense("", 1n, { name, terms }), key.data);
  return { name, key: key.text };
}

function policy(transfers: number): InstallationPolicy {
  return {
    installations: 0,
    transfers,
    virtualMachinesPolicy: VirtualMachinePolicy.ALLOW,
    virtualMachines: 0,
    domains: [],
    networks: [],
  };
}

/** A machine of a license of its own. */
export async function newMachine(
  running: RunningActivation,
  given: Partial<activation.UnlockRequest> = {},
  license: LicenseGiven = {},
): Promise<Machine> {
  const { name, key } = newLicense(running, license);
  return { ...(await unlockedInstallation(running, key, given)), license: name, key };
}

/** An installation as the desk sees it. */
export async function read(
  running: RunningActivation,
  name: string,
): Promise<activation.Installation> {
  const { installation } = await running.desk.getInstallation({ name });
  if (installation === undefined) return expect.unreachable("the answer lacks its installation");
  return installation;
}

/** All that a caller gets to see of a refusal. */
export async function refusal(call: Promise<unknown>): Promise<object> {
  const problem = await call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error as Problem,
  );
  const { reason, message, metadata, violations } = problem;
  return { reason, message, metadata, violations };
}

/** Why calls were refused that were made at once; "done" for one that was not. */
export function outcomesOf(settled: readonly PromiseSettledResult<unknown>[]): readonly string[] {
  return settled.map((outcome) =>
    outcome.status === "fulfilled" ? "done" : (outcome.reason as Problem).reason,
  );
}

/** So many times one outcome, and no other than these. */
export function counted(outcomes: readonly string[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(outcomes, (outcome) => outcome);
  return Object.fromEntries([...groups].map(([outcome, same]) => [outcome, same.length]));
}

/** What names an installation in a change of it. */
export function change(name: string, given: { why?: string; validateOnly?: boolean } = {}) {
  return { requestId: freshId(), name, why: "", validateOnly: false, ...given };
}

/** A request of an installation to be refreshed. */
export function refreshRequest(
  counter: bigint,
  given: Partial<activation.RefreshInstallationRequest> = {},
): activation.RefreshInstallationRequest {
  return {
    requestId: freshId(),
    counter,
    fingerprint: undefined,
    evidence: undefined,
    applicationVersion: "",
    host: "",
    ...given,
  };
}

/** A request to move an installation to a machine of its own. */
export function transferRequest(
  name: string,
  given: Partial<activation.TransferInstallationRequest> = {},
): activation.TransferInstallationRequest {
  return {
    requestId: freshId(),
    name,
    publicKey: Buffer.from(crypto.getRandomValues(new Uint8Array(32))),
    host: "",
    fingerprint: undefined,
    why: "",
    beyondLimit: false,
    validateOnly: false,
    ...given,
  };
}
