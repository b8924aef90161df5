import { keepSiteKey } from "@leasehold/client";
import { fileText } from "../flag-values.ts";
import type { CarryOut } from "../local-command.ts";
import { unlockWith } from "./unlock.ts";

/** Unlocks the installation of a license server, and remembers by which key client computers may. */
export const unlockSite: CarryOut = async (run) => {
  const productKey = fileText(String(run.given["keyFile"]));
  const shown = await unlockWith(run, productKey);
  await keepSiteKey(String(run.given["directory"]), productKey);
  return shown;
};
