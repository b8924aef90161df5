import type { Manifest, SupplyGate } from "./project.ts";

/** A service has fewer direct dependencies at run time. */
const TOO_MANY = 15;

const isService = ({ folder }: Manifest): boolean => folder.startsWith("services/");

/** A service stands on a few packages that one can know. */
export const fewDependencies: SupplyGate = {
  name: `fewer than ${TOO_MANY} direct dependencies a service`,
  faults: ({ manifests }) => {
    const services = manifests.filter(isService);
    if (services.length < 3) return ["no services were looked at"];
    return services.flatMap(({ folder, dependencies, optionalDependencies }) => {
      const { length } = Object.keys({ ...dependencies, ...optionalDependencies });
      return length < TOO_MANY ? [] : [`${folder} has ${length} direct dependencies`];
    });
  },
  broken: (project) => {
    const many = Array.from({ length: TOO_MANY }, (_, i) => [`canary-${i}`, "catalog:"] as const);
    return {
      ...project,
      manifests: project.manifests.map((manifest) =>
        isService(manifest) ? { ...manifest, dependencies: Object.fromEntries(many) } : manifest,
      ),
    };
  },
};
