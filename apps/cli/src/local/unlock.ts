import { unlock } from "@leasehold/client";
import type { CarryOut } from "../local-command.ts";
import { fileText, nameIn } from "../flag-values.ts";
import { describeInstallation } from "./describe-installation.ts";

/** Unlocks a license on this machine. */
export const unlockMachine: CarryOut = async ({ given, server }) => {
  const said = (name: string) => String(given[name]);
  const installation = await unlock({
    activation: server("activation").address,
    product: nameIn("products")(said("product")),
    licenseeName: said("name"),
    licenseeOrganization: said("organization"),
    productKey: fileText(said("keyFile")),
    directory: said("directory"),
  });
  return describeInstallation(installation);
};
