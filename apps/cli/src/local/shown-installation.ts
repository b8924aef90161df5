import type { Installation } from "@leasehold/client";
import type { JsonObject } from "../json.ts";

/** What a person is told of the installation of this machine. */
export function shownInstallation(installation: Installation): JsonObject {
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
