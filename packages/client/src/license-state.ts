import { type Clock, systemClock } from "@leasehold/kernel";
import { clockMarkFiles } from "./clock-mark-files.ts";
import { observe } from "./clock-mark.ts";
import type { Installation } from "./installation.ts";
import { type LicenseStanding, standingOf } from "./license-standing.ts";

/**
 * How an installation stands towards its license, by what is on this machine alone, and
 * remembers that it looked. A session tells the same of itself, and hears of changes.
 */
export async function licenseState(
  installation: Installation,
  { clock = systemClock }: { readonly clock?: Pick<Clock, "now"> } = {},
): Promise<LicenseStanding> {
  const files = clockMarkFiles(installation);
  const known = await files.read();
  const wall = clock.now();
  const mark = observe(known, { wall, passedMs: 0 });
  await files.write(mark).catch(() => undefined); // a disk that is full costs the memory, not the license
  return standingOf(installation.license, installation, {
    mark,
    before: known !== undefined,
    wall,
  });
}
