import { askedFor, type SupplyGate, withFirstManifest } from "./project.ts";

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Whatever is installed has one version, which stands in the one catalog. */
export const exactPins: SupplyGate = {
  name: "versions are pinned exactly, in the catalog alone",
  faults: ({ manifests, workspace }) => [
    ...Object.entries(workspace.catalog)
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `pnpm-workspace.yaml: ${name} is pinned to a range, ${version}`),
    ...Object.keys(workspace.catalogs ?? {}).map((name) => `pnpm-workspace.yaml: catalog ${name}`),
    ...manifests.flatMap((manifest) =>
      askedFor(manifest)
        .filter(([, version]) => version !== "catalog:" && version !== "workspace:*")
        .map(([name, version]) => `${manifest.folder}/package.json: ${name} is ${version}`),
    ),
    ...unlisted(workspace.overrides, "overrides"),
    ...Object.entries(workspace.packageExtensions ?? {}).flatMap(([name, { dependencies }]) =>
      unlisted(dependencies, `packageExtensions of ${name}`),
    ),
  ],
  broken: (project) =>
    withFirstManifest(project, (manifest) => ({
      ...manifest,
      dependencies: { ...manifest.dependencies, canary: "^1.0.0" },
    })),
};

function unlisted(
  versions: Readonly<Record<string, string>> | undefined,
  where: string,
): readonly string[] {
  return Object.entries(versions ?? {})
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `pnpm-workspace.yaml: ${where}: ${name} is ${version}`);
}
