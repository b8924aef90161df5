import type { Uuid } from "@leasehold/kernel";
import { installationNotFound } from "../domain/activation-problems.ts";
import { type Installation, installationName } from "../domain/installation.ts";
import type { Installations } from "./ports.ts";

/** Who asks: anybody of the licensing desk, or an installation, by its resource name. */
export type Asker =
  | { readonly kind: "desk" }
  | { readonly kind: "installation"; readonly name: string };

/**
 * Reads an installation. To another installation it is as if there were none.
 * @throws Problem NOT_FOUND
 */
export async function getInstallation(
  installations: Pick<Installations, "find">,
  id: Uuid,
  asker: Asker,
): Promise<Installation> {
  if (asker.kind === "installation" && asker.name !== installationName(id))
    throw installationNotFound();
  const found = await installations.find(id);
  if (found === undefined) throw installationNotFound();
  return found;
}
