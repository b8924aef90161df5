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

function presentWarning(warning: UnlockWarning): activation.UnlockWarning {
  switch (warning.kind) {
    case "version-not-told":
      return {
        reason: activation.UnlockWarningReason.VERSION_NOT_TOLD,
        text: `The license is for ${rangeText(warning.range)}, and the application did not tell its version.`,
        metadata: { oldest: warning.range.oldest ?? "", newest: warning.range.newest ?? "" },
      };
    case "version-differs": {
      const { version, newest, tolerance } = warning;
      return {
        reason: activation.UnlockWarningReason.VERSION_DIFFERS,
        text: `Version ${version} is supported, but may not go together with ${newest}, the newest.`,
        metadata: { version, newest, tolerance },
      };
    }
    case "maintenance-over": {
      const ended = new Date(warning.maintenanceEndTime).toISOString();
      return {
        reason: activation.UnlockWarningReason.MAINTENANCE_OVER,
        text: `Maintenance ended on ${ended.slice(0, 10)}: versions released since then are not included.`,
        metadata: { maintenance_end_time: ended },
      };
    }
  }
}

function rangeText({ oldest, newest }: { readonly oldest?: string; readonly newest?: string }) {
  if (oldest === undefined) return `versions up to ${newest ?? ""}`;
  return newest === undefined ? `versions from ${oldest}` : `versions ${oldest} to ${newest}`;
}
