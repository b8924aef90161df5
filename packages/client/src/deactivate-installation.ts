import { rm } from "node:fs/promises";
import { join } from "node:path";
import { activation } from "@leasehold/contracts";
import { isProblem, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { forgetInstallation } from "./installation-directory.ts";
import { callAsInstallation } from "./call-as-installation.ts";
import { notUnlocked } from "./client-problems.ts";
import { openInstallation } from "./open-installation.ts";
import { REFRESH_FOLDER } from "./refresh-directory.ts";
import type { RefreshOptions } from "./refresh-installation.ts";

/** What it takes to end the installation of this machine. */
export interface DeactivateOptions extends Pick<
  RefreshOptions,
  "activation" | "authorities" | "credentials" | "directory" | "signal" | "clock"
> {
  /** Why, for the history. */
  readonly why?: string;
}

/**
 * Ends the installation of this machine for good, so that the license has one less: what an
 * uninstaller does. Nobody can undo it. The directory is empty of it afterwards; unlocked again, it is
 * another installation.
 * @throws Problem UNAUTHENTICATED if the directory holds no installation, or one past its refresh
 *   date; or one of the transport's
 */
export async function deactivateInstallation(options: DeactivateOptions): Promise<void> {
  const { directory, clock = systemClock, why = "" } = options;
  const opened = await openInstallation(directory, { clock });
  if (opened.kind !== "unlocked")
    throw notUnlocked(opened.kind === "refused" ? opened.fault : opened.kind);
  const { name } = opened.installation;
  const request = activation.DeactivateInstallationRequest.fromPartial({
    requestId: newUuid(clock, systemRandom),
    name,
    why,
  });
  await callAsInstallation(options, opened.installation, (service, given) =>
    service.deactivateInstallation(request, given),
  ).catch((failure: unknown) => {
    // Somebody was faster, or the answer of an earlier call was lost.
    if (!isProblem(failure, "INSTALLATION_ENDED")) throw failure;
  });
  await rm(join(directory, REFRESH_FOLDER), { recursive: true, force: true });
  await forgetInstallation(directory);
}
