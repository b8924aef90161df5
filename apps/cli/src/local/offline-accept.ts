import { type Installation, takeOfflineResponse, takeRevocations } from "@leasehold/client";
import { fileText } from "../flag-values.ts";
import type { JsonObject } from "../json.ts";
import type { CarryOut } from "../local-command.ts";
import { shownInstallation } from "./shown-installation.ts";
import { offlineFault } from "./offline-fault.ts";

/** Takes a response or revocation file in, on this machine. Calls nobody. */
export const acceptFile: CarryOut = async ({ argument, given }) => {
  const text = fileText(argument ?? "");
  const directory = String(given["directory"]);
  return text.includes("-----BEGIN LEASEHOLD REVOCATIONS-----")
    ? acceptRevocations(directory, text)
    : acceptResponse(directory, text).then(shownInstallation);
};

async function acceptResponse(directory: string, text: string): Promise<Installation> {
  const taken = await takeOfflineResponse(directory, text);
  if (taken.kind === "refused") throw offlineFault(taken.fault);
  return taken.installation;
}

async function acceptRevocations(directory: string, text: string): Promise<JsonObject> {
  const taken = await takeRevocations(directory, text);
  if (taken.kind === "refused") throw offlineFault(taken.fault);
  return { revocationList: taken.version, revokedHere: taken.revoked };
}
