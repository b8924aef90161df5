import type { Uuid } from "@leasehold/kernel";
import { partyOf } from "../domain/installation-access.ts";
import type { Installation } from "../domain/installation.ts";
import { changeInstallation } from "./change-installation.ts";
import type { InstallationPorts } from "./installation-ports.ts";
import type { Mutation } from "./mutation.ts";

/** The installation to name, and what to call it; an empty name is none. */
export interface RenameInstallation {
  readonly id: Uuid;
  readonly displayName: string;
}

/** Says what people call an installation, whatever its state. @throws Problem NOT_FOUND, PERMISSION_DENIED */
export function renameInstallation(
  ports: InstallationPorts,
  mutation: Mutation,
  { id, displayName }: RenameInstallation,
): Promise<Installation> {
  return changeInstallation(ports, mutation, id, async (writes) => {
    await writes.append(id, {
      kind: "RENAMED",
      party: partyOf(mutation.caller),
      subject: mutation.subject,
      why: mutation.why,
      time: ports.clock.now(),
    });
    return writes.rename(id, displayName);
  });
}
