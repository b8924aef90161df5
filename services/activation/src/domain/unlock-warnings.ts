import type { ProductVersions, UnlockFacts } from "./unlock-conditions.ts";
import type { VersionRange } from "@leasehold/license-format";
import { goTogether } from "./go-together.ts";

/** What the person who unlocks should know, though it does not keep the license from being unlocked. */
export type UnlockWarning =
  | { readonly kind: "version-not-told"; readonly range: VersionRange }
  | {
      readonly kind: "version-differs";
      readonly version: string;
      readonly newest: string;
      readonly tolerance: ProductVersions["tolerance"];
    }
  | { readonly kind: "maintenance-over"; readonly maintenanceEndTime: number };

/** Warnings to whoever meets every condition. */
export function unlockWarnings(
  facts: Pick<UnlockFacts, "terms" | "product" | "unlocker" | "now">,
): readonly UnlockWarning[] {
  return [versionWarning(facts), maintenanceWarning(facts)].filter(
    (warning) => warning !== undefined,
  );
}

function versionWarning({
  terms,
  product,
  unlocker,
}: Pick<UnlockFacts, "terms" | "product" | "unlocker">): UnlockWarning | undefined {
  const { version } = unlocker;
  const { newest } = product.supported;
  if (version === "") {
    const range = [terms.versions, product.supported].find(isBounded);
    return range && { kind: "version-not-told", range };
  }
  const { tolerance } = product;
  if (newest === undefined || goTogether(version, newest, tolerance)) return undefined;
  return { kind: "version-differs", version, newest, tolerance };
}

function maintenanceWarning({
  terms: { maintenanceEndTime },
  now,
}: Pick<UnlockFacts, "terms" | "now">): UnlockWarning | undefined {
  return now >= maintenanceEndTime ? { kind: "maintenance-over", maintenanceEndTime } : undefined;
}

function isBounded({ oldest, newest }: VersionRange): boolean {
  return oldest !== undefined || newest !== undefined;
}
