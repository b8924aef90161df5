import { refreshInstallation } from "@leasehold/client";
import type { CarryOut } from "../local-command.ts";
import { shownInstallation } from "./shown-installation.ts";

/** Gets new certificates for the installation of this machine. */
export const refreshMachine: CarryOut = async ({ given, server }) => {
  const version = given["applicationVersion"];
  const installation = await refreshInstallation({
    activation: server("activation").address,
    directory: String(given["directory"]),
    ...(typeof version === "string" && { applicationVersion: version }),
  });
  return shownInstallation(installation);
};
