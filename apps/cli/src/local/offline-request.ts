import { makeOfflineRequest, type OfflineRequestOptions } from "@leasehold/client";
import { fileText, nameIn } from "../flag-values.ts";
import type { CarryOut, LocalRun } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";
import { offlineFault } from "./offline-fault.ts";
import { writeOut } from "./write-out.ts";

const TO_UNLOCK = ["vendor", "product", "name", "organization", "key-file"];

/** Makes a request file on this machine. Calls nobody. */
export const makeRequestFile: CarryOut = async (run) => {
  const made = await makeOfflineRequest(String(run.given["directory"]), asked(run));
  if (made.kind === "refused") throw offlineFault(made.fault);
  await writeOut(run, made.requestFile);
  return run.given["out"] === undefined
    ? undefined
    : { request: made.id, file: String(run.given["out"]) };
};

function asked({ given }: LocalRun): OfflineRequestOptions {
  const version = given["appVersion"];
  const machine = typeof version === "string" ? { version } : {};
  const flags = TO_UNLOCK.map((flag) => [flag, given[attribute(flag)]] as const);
  if (given["refresh"] === true) {
    const [more] = flags.find(([, value]) => value !== undefined) ?? [];
    if (more !== undefined) throw new UsageError(`--refresh asks for no --${more}`);
    return { purpose: "REFRESH", ...machine };
  }
  const [missing] = flags.find(([, value]) => value === undefined) ?? [];
  if (missing !== undefined) throw new UsageError(`say --${missing}, or --refresh`);
  const said = Object.fromEntries(flags.map(([flag, value]) => [flag, String(value)]));
  return {
    purpose: "UNLOCK",
    vendorFile: fileText(said["vendor"] ?? ""),
    product: nameIn("products")(said["product"] ?? ""),
    licenseeName: said["name"] ?? "",
    licenseeOrganization: said["organization"] ?? "",
    productKey: fileText(said["key-file"] ?? ""),
    ...machine,
  };
}

function attribute(flag: string): string {
  return flag.replace("-f", "F");
}
