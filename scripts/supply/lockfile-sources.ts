import type { SupplyGate } from "./project.ts";

/** As the lock file says it of a package of the registry. */
const FROM_REGISTRY = /^ {4}resolution: \{integrity: sha512-[A-Za-z0-9+/]{86}==\}$/;
/** A heading of a package with its version, and nothing that is an address. */
const NAMED = /^ {2}'?(?:@[\w.-]+\/)?[\w.-]+@\d[\w.+-]*'?:$/;

/** Everything comes from the registry, with the hash that was locked. */
export const lockfileSources: SupplyGate = {
  name: "everything comes from the registry, under its locked hash",
  faults: ({ lockfile }) => {
    const section = /^packages:\n([\s\S]*?)^snapshots:$/m.exec(lockfile)?.[1] ?? "";
    const lines = section.split("\n");
    const headings = lines.filter((line) => /^ {2}\S/.test(line));
    const resolutions = lines.filter((line) => line.startsWith("    resolution:"));
    return [
      ...(headings.length < 50 || headings.length !== resolutions.length
        ? [`${headings.length} packages are locked, ${resolutions.length} of them with a source`]
        : []),
      ...headings
        .filter((line) => !NAMED.test(line))
        .map((line) => `not a version: ${line.trim()}`),
      ...resolutions
        .filter((line) => !FROM_REGISTRY.test(line))
        .map((line) => `not of the registry: ${line.trim()}`),
    ];
  },
  broken: (project) => ({
    ...project,
    lockfile: project.lockfile.replace(
      /^snapshots:$/m,
      "  'canary@https://example.com/canary.tgz':\n    resolution: {tarball: https://example.com/canary.tgz}\n\nsnapshots:",
    ),
  }),
};
