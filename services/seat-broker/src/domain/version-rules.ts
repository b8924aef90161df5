import {
  compareToServer,
  covers,
  readVersion,
  type VersionRange,
  type VersionTolerance,
} from "@leasehold/license-format";
import type { Holder } from "./holder.ts";

/** What a license and its product say of versions. A range that is absent covers every one. */
export interface VersionRules {
  /** Which versions the license is for. */
  readonly licensed?: VersionRange;
  /** Which versions of the product are supported. */
  readonly supported?: VersionRange;
  /** How far a client may differ from its server without a warning. */
  readonly tolerance: VersionTolerance;
}

/** Every version, and each goes with every other. */
export const ANY_VERSION: VersionRules = { tolerance: "ANY" };

/** A version that the rules do not cover: whose it is, what was told, and what would be covered. */
export interface UncoveredVersion {
  readonly kind: "version-not-covered";
  readonly part: "client" | "server";
  readonly version: string;
  readonly range: VersionRange;
}

/** That a client and its server differ by more than is tolerated; the versions as they were told. */
export interface VersionWarning {
  readonly kind: "CLIENT_OLDER" | "CLIENT_NEWER";
  readonly client: string;
  readonly server: string;
}

type Versions = Pick<Holder, "applicationVersion" | "serverVersion">;

/**
 * The first version of a holder's that the rules do not cover; none if all are. A client that
 * tells no version is of none that a range covers; a server that tells none is not looked at.
 */
export function uncoveredVersion(
  { licensed, supported }: VersionRules,
  { applicationVersion, serverVersion = "" }: Versions,
): UncoveredVersion | undefined {
  const told = [{ part: "client", version: applicationVersion } as const];
  const parts = readVersion(serverVersion)
    ? [...told, { part: "server", version: serverVersion } as const]
    : told;
  for (const { part, version } of parts) {
    const range = [licensed, supported].find((covering) => covering && !isIn(covering, version));
    if (range) return { kind: "version-not-covered", part, version, range };
  }
  return undefined;
}

/** What a holder should be warned of. Of versions that are not told nothing is known. */
export function versionWarnings(
  { tolerance }: VersionRules,
  { applicationVersion, serverVersion = "" }: Versions,
): readonly VersionWarning[] {
  const [client, server] = [readVersion(applicationVersion), readVersion(serverVersion)];
  if (client === undefined || server === undefined) return [];
  const compared = compareToServer(client, server, tolerance);
  if (compared === "tolerated") return [];
  const kind = compared === "older" ? "CLIENT_OLDER" : "CLIENT_NEWER";
  return [{ kind, client: applicationVersion, server: serverVersion }];
}

function isIn(range: VersionRange, told: string): boolean {
  const version = readVersion(told);
  return version !== undefined && covers(range, version);
}
