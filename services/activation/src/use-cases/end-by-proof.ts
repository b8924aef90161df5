import { isProblem, type Uuid } from "@leasehold/kernel";
import type { SignedOfflineRequest } from "@leasehold/license-format";
import { installationNotFound } from "../domain/activation-problems.ts";
import {
  type Fingerprint,
  type Installation,
  installationName,
  type KnownMachine,
} from "../domain/installation.ts";
import { installationEnded } from "../domain/installation-problems.ts";
import { judgeMachine, type Verdict } from "../domain/judge-refresh.ts";
import { endInstallation } from "./change-installation-state.ts";
import type { InstallationPorts } from "./installation-ports.ts";
import type { ProvenEndings } from "./offline-ports.ts";
import type { ReadOfflineRequest } from "./read-offline-request.ts";

/** What the history says: nobody who may be asked brought the file. */
const WHY = "deactivated by proof";

/** What ending by a proof needs. */
export interface EndByProofPorts extends Pick<InstallationPorts, "clock" | "report"> {
  readonly endings: ProvenEndings;
}

/** A proof that an installation is over where it was. */
export type DeactivationProof = SignedOfflineRequest & { readonly purpose: "DEACTIVATE" };

/**
 * Ends the installation that its own machine has ended already: one that is disabled, too. The proof
 * counts once, and only from the machine that was refreshed last: a copy that was left behind cannot end
 * what goes on elsewhere.
 * @param known the installation that has the key which signed the proof
 * @throws Problem INSTALLATION_ENDED; INSTALLATION_CONFLICT or FINGERPRINT_MISMATCH, which are noted on
 *   the installation; OFFLINE_FILE_USED
 */
export async function endByProof(
  ports: EndByProofPorts,
  { identity, fingerprint }: ReadOfflineRequest,
  proof: DeactivationProof,
  known: KnownMachine,
): Promise<{ readonly kind: "first" | "repeated"; readonly installation: Uuid }> {
  const { endings } = ports;
  const { id } = known.installation;
  const subject = installationName(id);
  const caller = { kind: "installation", name: subject } as const;
  return endings
    .once(identity, async (writes) => {
      const locked = await writes.lock(id);
      if (locked === undefined) throw installationNotFound();
      const { installation } = locked;
      if (installation.state === "ENDED") throw installationEnded();
      const verdict = judge(locked, proof, fingerprint);
      if (verdict.kind === "refused") throw verdict.problem;
      const ending = { installation, kind: "DEACTIVATED" } as const;
      return endInstallation(ports, { caller, subject, why: WHY }, writes, ending);
    })
    .catch(async (failure: unknown) => {
      // What was noted in the transaction would be undone with it.
      const standing = isProblem(failure) ? await endings.findMachine(id) : undefined;
      if (standing) await flag(ports, standing, judge(standing, proof, fingerprint), proof.host);
      throw failure;
    });
}

function judge(
  known: KnownMachine,
  { id, counter, unanswered }: DeactivationProof,
  fingerprint: Fingerprint | undefined,
): Verdict {
  // Its last refresh counts as well where the machine did not hear of it any more.
  return judgeMachine(known, { requestId: (unanswered ?? id) as Uuid, counter, fingerprint });
}

async function flag(
  { endings, clock, report }: EndByProofPorts,
  { installation }: { readonly installation: Installation },
  verdict: Verdict,
  host: string,
): Promise<void> {
  if (verdict.kind !== "refused" || verdict.conflict === undefined) return;
  if (installation.state === "ENDED") return;
  const { conflict: kind } = verdict;
  const refused = { installation: installation.id, kind, time: clock.now(), host };
  if (await endings.flag(refused, installationName(installation.id)))
    report({ kind: "conflict", conflict: kind, installation });
}
