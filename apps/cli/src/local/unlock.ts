import { unlock } from "@leasehold/client";
import type { CarryOut } from "../local-command.ts";
import { fileText, nameIn } from "../flag-values.ts";

/** Unlocks a license on this machine. */
export const unlockMachine: CarryOut = (run) =>
  unlockWith(run, fileText(String(run.given["keyFile"])));

/** Unlocks a license on this machine with a product key that was read. */
export async function unlockWith(
  { given, server }: Parameters<CarryOut>[0],
  productKey: string,
): ReturnType<CarryOut> {
  const said = (name: string) => String(given[name]);
  const installation = await unlock({
    activation: server("activation").address,
    product: nameIn("products")(said("product")),
    licenseeName: said("name"),
    licenseeOrganization: said("organization"),
    productKey,
    directory: said("directory"),
  });
  const { name, deployment, licensee, license, refreshBy } = installation;
  return {
    installation: name,
    deployment,
    licensee: { ...licensee },
    license: license.license,
    seats: license.seats,
    features: [...license.features].map(([feature, limit]) =>
      limit === undefined ? { feature } : { feature, limit: String(limit) },
    ),
    startTime: new Date(license.startTime).toISOString(),
    endTime: new Date(license.endTime).toISOString(),
    refreshBy: new Date(refreshBy).toISOString(),
  };
}
