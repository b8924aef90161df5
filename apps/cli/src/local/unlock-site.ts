import { keepSiteKey } from "@leasehold/client";
import type { CarryOut } from "../local-command.ts";
import { unlockTyped } from "./unlock.ts";

/** Unlocks the installation of a license server, and remembers by which key client computers may. */
export const unlockSite: CarryOut = async (run) => {
  const { productKey, shown } = await unlockTyped(run);
  await keepSiteKey(String(run.given["directory"]), productKey);
  return shown;
};
