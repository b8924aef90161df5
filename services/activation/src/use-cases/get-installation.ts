import type { Uuid } from "@leasehold/kernel";
import { type Caller, readable } from "../domain/installation-access.ts";
import type { Installation } from "../domain/installation.ts";
import type { Installations } from "./ports.ts";

/**
 * Reads an installation. To another installation, or another customer, it is as if there were none.
 * @throws Problem NOT_FOUND
 */
export async function getInstallation(
  installations: Pick<Installations, "find">,
  id: Uuid,
  caller: Caller,
): Promise<Installation> {
  return readable(caller, await installations.find(id));
}
