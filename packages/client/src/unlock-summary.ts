import { activation, ChangePolicy } from "@leasehold/contracts";

/** Something that the person who unlocked should know. */
export interface UnlockWarning {
  /** For example `VERSION_DIFFERS`; `UNSPECIFIED` for one that this SDK does not know. */
  readonly reason: keyof typeof activation.UnlockWarningReason;
  /** A sentence in English. */
  readonly text: string;
  /** Each dynamic word of the text. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A feature that was unlocked, and what it is called. */
export interface UnlockedFeature {
  readonly feature: string;
  readonly displayName: string;
  /** How many of the thing; absent for a switch. */
  readonly limit?: bigint;
}

/** What people want to read of a license that was unlocked. Times are milliseconds since 1970. */
export interface UnlockSummary {
  /** Whom the license is made out to, as it has the names. */
  readonly licensee: { readonly name: string; readonly organization: string };
  /** What the product is called. */
  readonly product: string;
  readonly seats: number;
  readonly features: readonly UnlockedFeature[];
  readonly trial: boolean;
  readonly startTime: number;
  readonly endTime: number;
  /** Until when new versions are included. */
  readonly maintenanceEndTime: number;
  /** How a change of the license, this unlocking among them, reaches clients that are connected. */
  readonly changePolicy: "LIVE" | "RESTART_REQUIRED";
  /** Where to ask about keys and licenses; may be empty. */
  readonly salesContact: string;
  /** Where to get help; may be empty. */
  readonly helpContact: string;
  readonly warnings: readonly UnlockWarning[];
}

const REASONS: ReadonlyMap<number, UnlockWarning["reason"]> = new Map(
  Object.entries(activation.UnlockWarningReason).map(([name, value]) => [
    value,
    name as UnlockWarning["reason"],
  ]),
);

/** What the answer tells people; `undefined` if it is of a server that does not tell it. */
export function unlockSummaryOf({
  terms,
  summary,
  warnings,
}: activation.UnlockResponse): UnlockSummary | undefined {
  if (terms === undefined || summary === undefined) return undefined;
  const { startTime, endTime, maintenanceEndTime, seats, trial, changePolicy } = terms;
  if (startTime === undefined || endTime === undefined) return undefined;
  const limits = new Map(terms.features.map(({ feature, limit }) => [feature, limit]));
  return {
    licensee: { name: summary.licenseeName, organization: summary.licenseeOrganization },
    product: summary.productDisplayName,
    seats,
    features: summary.features.map(({ feature, displayName }) => {
      const limit = limits.get(feature);
      return { feature, displayName, ...(limit !== undefined && { limit }) };
    }),
    trial,
    startTime: startTime.getTime(),
    endTime: endTime.getTime(),
    maintenanceEndTime: (maintenanceEndTime ?? endTime).getTime(),
    changePolicy: changePolicy === ChangePolicy.RESTART_REQUIRED ? "RESTART_REQUIRED" : "LIVE",
    salesContact: summary.salesContact,
    helpContact: summary.helpContact,
    warnings: warnings.map(({ reason, text, metadata }) => ({
      reason: REASONS.get(reason) ?? "UNSPECIFIED",
      text,
      metadata,
    })),
  };
}
