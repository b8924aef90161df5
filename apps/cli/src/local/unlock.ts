import { unlock, type UnlockedInstallation } from "@leasehold/client";
import type { CarryOut } from "../local-command.ts";
import { fileText, nameIn, time } from "../flag-values.ts";
import type { Json, JsonObject } from "../json.ts";
import { askMissing } from "./ask-missing.ts";

const ASKED = [
  { flag: "product", spelling: "--product", label: "Product" },
  { flag: "name", spelling: "--name", label: "Name" },
  { flag: "organization", spelling: "--organization", label: "Organization" },
  { flag: "keyFile", spelling: "--key-file", label: "Product key" },
] as const;

/** What the change policy means to those who are connected already. */
const CONNECTED = {
  LIVE: "take the license over while they go on",
  RESTART_REQUIRED: "are asked to save, end and start again",
} as const;

/** Unlocks a license on this machine. What is wrong with a key is told before anything is sent. */
export const unlockMachine: CarryOut = async (run) => (await unlockTyped(run)).shown;

/** The same, with the product key that was typed. */
export async function unlockTyped({
  given,
  server,
  terminal,
}: Parameters<CarryOut>[0]): Promise<{ readonly productKey: string; readonly shown: JsonObject }> {
  const said = await askMissing(ASKED, given, terminal);
  // A flag would leave the key in the shell's history and in the list of processes.
  const productKey = given["keyFile"] === undefined ? said.keyFile : fileText(said.keyFile);
  const { applicationVersion, released, host } = given;
  const unlocked = await unlock({
    activation: server("activation").address,
    product: nameIn("products")(said.product),
    licenseeName: said.name,
    licenseeOrganization: said.organization,
    productKey,
    directory: String(given["directory"]),
    ...(typeof host === "string" && { host }),
    ...(typeof applicationVersion === "string" && { applicationVersion }),
    ...(typeof released === "string" && { applicationReleaseTime: Date.parse(time(released)) }),
  });
  for (const { text } of unlocked.summary?.warnings ?? []) terminal.err(`warning: ${text}\n`);
  return { productKey, shown: shown(unlocked) };
}

function shown({ name, deployment, licensee, license, refreshBy, summary }: UnlockedInstallation) {
  const names = new Map(
    summary?.features.map(({ feature, displayName }) => [feature, displayName]),
  );
  const iso = (ms: number) => new Date(ms).toISOString();
  const result: Record<string, Json> = {
    licensee: { ...licensee },
    product: summary?.product ?? "",
    license: license.license,
    installation: name,
    deployment,
    seats: license.seats,
    features: [...license.features].map(([feature, limit]) => ({
      feature,
      ...(names.has(feature) && { name: names.get(feature) ?? "" }),
      ...(limit !== undefined && { limit: String(limit) }),
    })),
    startTime: iso(license.startTime),
    endTime: iso(license.endTime),
    refreshBy: iso(refreshBy),
  };
  if (summary === undefined) return result;
  return {
    ...result,
    trial: summary.trial,
    maintenanceEndTime: iso(summary.maintenanceEndTime),
    changePolicy: summary.changePolicy,
    connectedClients: CONNECTED[summary.changePolicy],
    salesContact: summary.salesContact,
    helpContact: summary.helpContact,
    warnings: summary.warnings.map(({ reason, text, metadata }) => ({
      reason,
      text,
      metadata: { ...metadata },
    })),
  };
}
