import { type InstallationClaims, readInstallationClaims } from "./installation-certificate.ts";
import {
  type FeatureClaim,
  type VersionsClaim,
  type LicenseClaims,
  readLicenseClaims,
} from "./license-certificate.ts";
import { MALFORMED, type Reader, readJson } from "./reader.ts";
import { type PreviewFact, previewLines } from "./text-block.ts";
import { parseToken } from "./token-grammar.ts";

/** How many features the preview names: all of them might not fit into the largest license file. */
const MOST_FEATURES = 50;

/**
 * The lines in front of a license file that tell a person what it holds. They are derived
 * from the tokens and prove nothing: who compares them finds a file whose preview was edited.
 * @returns lines that begin with `#`, or `undefined` if the tokens are not such tokens
 */
export function licenseFilePreview(tokens: {
  readonly license: string;
  readonly install: string;
}): readonly string[] | undefined {
  const license = unverified(tokens.license, readLicenseClaims);
  const installation = unverified(tokens.install, readInstallationClaims);
  if (license === undefined || installation === undefined) return undefined;
  return previewLines(facts(license, installation));
}

function facts(
  { licensee, license, product, terms }: LicenseClaims,
  { installation }: InstallationClaims,
): readonly PreviewFact[] {
  return [
    ["Licensee", licensee.name],
    ["Organization", licensee.organization],
    ["Product", product],
    ["License", license],
    ["Seats", `${terms.seats} (${terms.model})`],
    ["Features", grants(terms.features)],
    ["Begins", new Date(terms.startTime).toISOString()],
    ["Ends", new Date(terms.endTime).toISOString()],
    ...ifAny("Maintenance ends", terms.maintenanceEndTime, (ms) => new Date(ms).toISOString()),
    ...ifAny("Versions", terms.versions, range),
    ...ifAny("Offline days", terms.offlineDays, String),
    ...ifAny("Virtual machines", terms.virtualMachines, (most) =>
      most === "DENY" ? "none" : `${most} at most`,
    ),
    ...ifAny("Trial", terms.trial, () => "yes"),
    ["Installation", installation],
  ];
}

function grants(features: readonly FeatureClaim[]): string {
  const shown = features.slice(0, MOST_FEATURES).map(grant);
  const more = features.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  return shown.join(", ") || "none";
}

function grant({ feature, limit, seats }: FeatureClaim): string {
  const bounds = [
    ...(limit === undefined ? [] : [limit]),
    ...(seats === undefined ? [] : [`seats: ${seats}`]),
  ];
  return bounds.length === 0 ? feature : `${feature} (${bounds.join("; ")})`;
}

function range({ oldest, newest }: VersionsClaim): string {
  return `${oldest ?? "any"} to ${newest ?? "any"}`;
}

function ifAny<Value>(
  label: string,
  value: Value | undefined,
  tell: (value: Value) => string,
): readonly PreviewFact[] {
  return value === undefined ? [] : [[label, tell(value)]];
}

function unverified<T>(token: string, reader: Reader<T>): T | undefined {
  const parts = parseToken(token);
  const claims = parts === undefined ? MALFORMED : readJson(parts.payload, reader);
  return claims === MALFORMED ? undefined : claims;
}
