import type { Uuid } from "@leasehold/kernel";
import { changeable } from "../domain/installation-access.ts";
import type { Installation, KnownMachine } from "../domain/installation.ts";
import type { InstallationPorts, InstallationWrites } from "./installation-ports.ts";
import type { Mutation } from "./mutation.ts";

/**
 * Changes an installation, once, and reports it.
 * @param work gets the installation, which nobody else changes meanwhile
 * @throws Problem NOT_FOUND, PERMISSION_DENIED, or what `work` throws
 */
export async function changeInstallation(
  { lives, report }: InstallationPorts,
  mutation: Mutation,
  id: Uuid,
  work: (writes: InstallationWrites, known: KnownMachine) => Promise<Installation>,
): Promise<Installation> {
  const { kind, result } = await lives.once(mutation, async (writes) => {
    const known = await writes.lock(id);
    changeable(mutation.caller, known?.installation);
    if (known === undefined) throw new Error("an installation is changeable that is not there");
    return work(writes, known);
  });
  if (kind === "done") {
    const { request, subject } = mutation;
    report({ kind: "changed", method: request.method, installation: result, subject });
  }
  return result;
}
