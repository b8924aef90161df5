import { activation, type LicenseTerms as LicenseTermsMessage } from "@leasehold/contracts";
import type { UnlockWarning } from "../domain/unlock-warnings.ts";
import type { CreatedChallenge } from "../use-cases/challenges.ts";
import type { Unlocked } from "../use-cases/unlock-command.ts";
import { presentTerms } from "./present.ts";
import { presentInstallation } from "./present-installation.ts";

/** A challenge as the contract shows it. */
export function presentChallenge(created: CreatedChallenge): activation.CreateChallengeResponse {
  return {
    challenge: Buffer.from(created.challenge),
    createTime: new Date(created.createTime),
    expireTime: new Date(created.expireTime),
    audience: created.audience,
  };
}

/** The reply of Unlock in bytes: what a repetition gets again. */
export function encodeUnlocked(unlocked: Unlocked): Uint8Array {
  const { installation, licenseFile, terms, warnings } = unlocked;
  const response = {
    installation: presentInstallation(installation),
    licenseFile,
    terms: withoutGroups(presentTerms(terms)),
    summary: presentSummary(unlocked),
    warnings: warnings.map(presentWarning),
  };
  return activation.UnlockResponse.encode(response).finish();
}

/** Whom the seat policy treats apart is not for installations: they would learn the names of others. */
function withoutGroups(terms: LicenseTermsMessage): LicenseTermsMessage {
  const open = { groups: [], includeGroups: [], excludeGroups: [] };
  return { ...terms, seatPolicy: terms.seatPolicy && { ...terms.seatPolicy, ...open } };
}

function presentSummary({ licensee, product, terms }: Unlocked): activation.UnlockSummary {
  return {
    licenseeName: licensee.name,
    licenseeOrganization: licensee.organization,
    productDisplayName: product.displayName,
    features: terms.features.map(({ feature }) => ({
      feature,
      displayName: product.featureNames.get(feature) ?? feature,
    })),
    salesContact: product.salesContact,
    helpContact: product.helpContact,
  };
}

type Warning<Kind extends UnlockWarning["kind"]> = Extract<UnlockWarning, { readonly kind: Kind }>;

const { VERSION_NOT_TOLD, VERSION_DIFFERS, MAINTENANCE_OVER } = activation.UnlockWarningReason;

const WARNINGS: {
  readonly [Kind in UnlockWarning["kind"]]: (warning: Warning<Kind>) => activation.UnlockWarning;
} = {
  "version-not-told": ({ range }) => ({
    reason: VERSION_NOT_TOLD,
    text: `The license is for ${rangeText(range)}, and the application did not tell its version.`,
    metadata: { oldest: range.oldest ?? "", newest: range.newest ?? "" },
  }),
  "version-differs": ({ version, newest, tolerance }) => ({
    reason: VERSION_DIFFERS,
    text: `Version ${version} is supported, but may not go together with ${newest}, the newest.`,
    metadata: { version, newest, tolerance },
  }),
  "maintenance-over": ({ maintenanceEndTime }) => {
    const ended = new Date(maintenanceEndTime).toISOString();
    return {
      reason: MAINTENANCE_OVER,
      text: `Maintenance ended on ${ended.slice(0, 10)}: versions released since then are not included.`,
      metadata: { maintenance_end_time: ended },
    };
  },
};

function presentWarning(warning: UnlockWarning): activation.UnlockWarning {
  const present = WARNINGS[warning.kind] as (warning: UnlockWarning) => activation.UnlockWarning;
  return present(warning);
}

function rangeText({ oldest, newest }: { readonly oldest?: string; readonly newest?: string }) {
  if (oldest === undefined) return `versions up to ${newest ?? ""}`;
  return newest === undefined ? `versions from ${oldest}` : `versions ${oldest} to ${newest}`;
}
