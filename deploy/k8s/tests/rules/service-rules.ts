import { isService } from "../../../settings/service-settings.ts";
import { identity, type Manifest } from "../render/manifest.ts";
import { type Container, type Pods, podsOf, selects } from "./pods.ts";

/** What of a limit of memory stays for what is not heap: buffers of connections, code, stacks. In MiB. */
const BESIDE_HEAP = 256;

/** Each service has everything that makes it one to rely on. */
export function incompleteServices(manifests: readonly Manifest[]): readonly string[] {
  const names = new Set(manifests.map(identity));
  return servicesOf(manifests).flatMap(({ of, name, labels, spec }) => {
    const wanted = [
      `Service/${name}`,
      `Service/${name}-replicas`,
      `ServiceAccount/${name}`,
      `PodDisruptionBudget/${name}`,
      `HorizontalPodAutoscaler/${name}`,
    ];
    const spread = spec["topologySpreadConstraints"] as readonly Spread[] | undefined;
    const keys = (spread ?? [])
      .filter(({ labelSelector }) => selects(labelSelector.matchLabels, labels))
      .map(({ topologyKey }) => topologyKey);
    return [
      ...wanted.filter((one) => !names.has(one)).map((one) => `there is no ${one}`),
      ...["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
        .filter((key) => !keys.includes(key))
        .map((key) => `${of} is not spread by ${key}`),
      ...(spec.serviceAccountName === name ? [] : [`${of} has the account of somebody else`]),
    ];
  });
}

interface Spread {
  readonly topologyKey: string;
  readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
}

/** The addresses by which services call each other are those of every replica, so that calls go round them. */
export function unbalancedAddresses(manifests: readonly Manifest[]): readonly string[] {
  const headless = manifests
    .filter(({ kind, spec }) => kind === "Service" && clusterIp(spec) === "None")
    .map(({ metadata }) => metadata.name);
  return servicesOf(manifests).flatMap(({ of, spec }) =>
    spec.containers.flatMap(({ env = [] }) =>
      env
        .filter(({ name }) => /_(?:ISSUER|ACTIVATION)_ADDRESS$/.test(name))
        .filter(({ value = "" }) => {
          const host = /^dns:\/\/\/([a-z-]+):\d+$/.exec(value)?.[1];
          return host === undefined || !headless.includes(host);
        })
        .map(({ name }) => `${of}: ${name} does not lead to every replica`),
    ),
  );
}

function clusterIp(spec: Manifest[string] | undefined): string | undefined {
  return (spec as { readonly clusterIP?: string }).clusterIP;
}

/** The heap of a service is bounded, and leaves room within the limit of memory. */
export function unboundedHeaps(manifests: readonly Manifest[]): readonly string[] {
  return servicesOf(manifests).flatMap(({ of, spec }) =>
    spec.containers
      .filter(({ name }) => isService(name))
      .flatMap((container) => {
        const heap = heapOf(container);
        if (heap === undefined) return [`${of} has no bound of its heap`];
        const limit = mebibytes(container.resources?.limits?.["memory"] as string | undefined);
        return heap + BESIDE_HEAP <= limit
          ? []
          : [`${of} has a heap of ${heap} MiB, within ${limit} MiB`];
      }),
  );
}

/** A job that migrates does it where the service then works. */
export function strayMigrations(manifests: readonly Manifest[]): readonly string[] {
  const databaseOf = ({ spec }: Pods) =>
    spec.containers[0]?.env?.find(({ name }) => name.endsWith("_DATABASE_URL"))?.value;
  const services = new Map(servicesOf(manifests).map((pods) => [pods.name, databaseOf(pods)]));
  return podsOf(manifests)
    .filter(({ kind }) => kind === "Job")
    .flatMap((job) => {
      const service = job.name.replace(/-migration$/, "");
      return services.get(service) === databaseOf(job)
        ? []
        : [`${job.of} migrates another database than ${service}'s`];
    });
}

function servicesOf(manifests: readonly Manifest[]): readonly Pods[] {
  return podsOf(manifests).filter(({ kind, name }) => kind === "Deployment" && isService(name));
}

function heapOf({ env = [] }: Container): number | undefined {
  const options = env.find(({ name }) => name === "NODE_OPTIONS")?.value ?? "";
  const found = /--max-old-space-size=(\d+)/.exec(options)?.[1];
  return found === undefined ? undefined : Number(found);
}

function mebibytes(quantity = ""): number {
  const [, number = "0", unit = ""] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  return Number(number) * (unit === "Gi" ? 1024 : 1);
}
