import { isObject, type Json, type JsonObject, type Manifest } from "../render/manifest.ts";
import { containersOf, podsOf, selects } from "./pods.ts";

/** Of an ExternalSecret. */
interface ExternalSpec {
  readonly target: { readonly name: string };
  readonly data: readonly { readonly secretKey: string }[];
}

const specOf = ({ spec }: Manifest) => spec as JsonObject;
const ofKind = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind);

/** Services, budgets, policies and workloads select pods that there are. */
export function emptySelectors(manifests: readonly Manifest[]): readonly string[] {
  const pods = podsOf(manifests);
  const wanted = manifests.flatMap((manifest): readonly (readonly [string, Json | undefined])[] => {
    const { kind, metadata, spec } = manifest;
    const name = `${kind}/${metadata.name}`;
    if (!isObject(spec)) return [];
    if (kind === "Service") return [[name, spec["selector"]]];
    if (["Deployment", "StatefulSet", "PodDisruptionBudget"].includes(kind))
      return [[name, (spec["selector"] as JsonObject)["matchLabels"]]];
    if (kind === "NetworkPolicy") return [[name, spec["podSelector"]]];
    return [];
  });
  return wanted
    .filter(([, selector]) => !pods.some(({ labels }) => selects(selector, labels)))
    .map(([name]) => `${name} selects nothing`);
}

/** Services lead to ports that their pods have. */
export function deadPorts(manifests: readonly Manifest[]): readonly string[] {
  return ofKind(manifests, "Service").flatMap((service) => {
    const { selector, ports } = specOf(service) as unknown as {
      readonly selector: JsonObject;
      readonly ports: readonly { readonly name: string; readonly targetPort: string }[];
    };
    const there = podsOf(manifests)
      .filter(({ labels }) => selects(selector, labels))
      .flatMap((pods) => containersOf(pods).flatMap((container) => container.ports ?? []));
    return ports
      .filter(({ targetPort }) => !there.some(({ name }) => name === targetPort))
      .map(
        ({ targetPort }) =>
          `Service/${service.metadata.name} leads to ${targetPort}, which nobody has`,
      );
  });
}

/** Autoscalers have a workload, whose number nobody else sets. */
export function idleAutoscalers(manifests: readonly Manifest[]): readonly string[] {
  return ofKind(manifests, "HorizontalPodAutoscaler").flatMap((scaler) => {
    const { name, kind } = specOf(scaler)["scaleTargetRef"] as { name: string; kind: string };
    const target = ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);
    if (!target) return [`${scaler.metadata.name} scales ${kind}/${name}, which is not there`];
    return "replicas" in specOf(target) ? [`${kind}/${name} has a number of its own`] : [];
  });
}

/**
 * Whatever is named is there: settings, secrets, accounts.
 * @param given the Secrets that are made beside the manifests, with their keys
 */
export function danglingNames(
  manifests: readonly Manifest[],
  given: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly string[] {
  const made = new Set([...Object.keys(given), ...secretsMade(manifests)]);
  const settings = new Set(ofKind(manifests, "ConfigMap").map(({ metadata }) => metadata.name));
  const accounts = ofKind(manifests, "ServiceAccount").map(({ metadata }) => metadata.name);
  return podsOf(manifests).flatMap((pods) => {
    const variables = containersOf(pods).flatMap(({ env = [] }) =>
      env.map(({ valueFrom }) => valueFrom),
    );
    const volumes = pods.spec.volumes ?? [];
    const secrets = [
      ...volumes.map(({ secret }) => secret?.secretName),
      ...variables.map((from) => from?.secretKeyRef?.name),
    ];
    const maps = [
      ...volumes.map(({ configMap }) => configMap?.name),
      ...variables.map((from) => from?.configMapKeyRef?.name),
    ];
    const account = pods.spec.serviceAccountName;
    return [
      ...secrets.filter((name) => name !== undefined && !made.has(name)),
      ...maps.filter((name) => name !== undefined && !settings.has(name)),
      ...(account !== undefined && !accounts.includes(account) ? [account] : []),
    ].map((name) => `${pods.of} names ${name}, which is not there`);
  });
}

function secretsMade(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap((manifest) => {
    const spec = manifest["spec"];
    if (manifest.kind === "Certificate")
      return [(spec as { readonly secretName: string }).secretName];
    if (manifest.kind === "ExternalSecret") return [(spec as unknown as ExternalSpec).target.name];
    return [];
  });
}

/** The keys that an ExternalSecret fetches are those of the Secret in whose place it is. */
export function incompleteSecrets(
  manifests: readonly Manifest[],
  given: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly string[] {
  return ofKind(manifests, "ExternalSecret").flatMap((external) => {
    const { target, data } = specOf(external) as unknown as ExternalSpec;
    const keys = data.map(({ secretKey }) => secretKey);
    const wanted = Object.keys(given[target.name] ?? {});
    return wanted.toSorted().join() === keys.toSorted().join()
      ? []
      : [`${external.metadata.name} fetches ${keys.join(", ")} instead of ${wanted.join(", ")}`];
  });
}
