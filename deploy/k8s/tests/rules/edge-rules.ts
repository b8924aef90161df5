import type { JsonObject, Manifest } from "../render/manifest.ts";
import { podsOf } from "./pods.ts";

const NAME = "app.kubernetes.io/name";

/** A way between two components, as one end allows it, or as a setting uses it: `issuer → postgres:5432`. */
type Way = string;
const way = (from: string, to: string, port: number | string): Way => `${from} → ${to}:${port}`;

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number }[];
}
interface Peer {
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly namespaceSelector?: JsonObject;
  readonly ipBlock?: JsonObject;
}

/** What policies allow between components of these manifests, from one of both ends. */
function allowed(
  manifests: readonly Manifest[],
  direction: "ingress" | "egress",
): ReadonlySet<Way> {
  const ways = manifests
    .filter(({ kind }) => kind === "NetworkPolicy")
    .flatMap(({ spec }) => {
      const policy = spec as unknown as { readonly podSelector: Peer["podSelector"] } & Record<
        string,
        readonly Rule[]
      >;
      const self = policy.podSelector?.matchLabels?.[NAME];
      if (self === undefined) return [];
      return (policy[direction] ?? []).flatMap(({ from, to, ports = [] }) =>
        (from ?? to ?? []).flatMap(({ podSelector, namespaceSelector }) => {
          const other = podSelector?.matchLabels?.[NAME];
          if (other === undefined || namespaceSelector !== undefined) return [];
          return ports.map(({ port }) =>
            direction === "egress" ? way(self, other, port) : way(other, self, port),
          );
        }),
      );
    });
  return new Set(ways);
}

/** What settings and configuration lead to: every `host:port` whose host is a Service here, with the port behind it. */
function used(manifests: readonly Manifest[]): ReadonlySet<Way> {
  const services = manifests.filter(({ kind }) => kind === "Service");
  const componentOf = (host: string) => {
    const service = services.find(({ metadata }) => metadata.name === host.split(".").at(-1));
    const selector = (service?.["spec"] as JsonObject | undefined)?.["selector"] as
      | JsonObject
      | undefined;
    return selector?.[NAME];
  };
  const ways = podsOf(manifests).flatMap(({ name, spec }) =>
    [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ env = [] }) =>
      env.flatMap(({ value = "" }) =>
        Array.from(value.matchAll(/([a-z][a-z0-9.-]*):(\d{2,5})/g), ([, host = "", port = ""]) => {
          const component = componentOf(host);
          return component === undefined ? [] : [way(name, String(component), port)];
        }).flat(),
      ),
    ),
  );
  return new Set(ways);
}

/** Sentinels tell where the primary is, and replicas follow it: no setting names these ways. */
const TAKEN_WITHOUT_A_SETTING: readonly Way[] = [
  way("activation", "redis", 6379),
  way("seat-broker", "redis", 6379),
  way("redis", "redis", 6379),
  way("redis", "redis", 26379),
];

/** Each way is allowed from both ends, is used, and whatever is used is allowed. */
export function oddEdges(manifests: readonly Manifest[]): readonly string[] {
  const [leaving, arriving] = [allowed(manifests, "egress"), allowed(manifests, "ingress")];
  const taken = new Set([...used(manifests), ...TAKEN_WITHOUT_A_SETTING]);
  return [
    ...[...leaving]
      .filter((one) => !arriving.has(one))
      .map((one) => `${one} may leave, and not arrive`),
    ...[...arriving]
      .filter((one) => !leaving.has(one))
      .map((one) => `${one} may arrive, and not leave`),
    ...[...leaving]
      .filter((one) => !taken.has(one))
      .map((one) => `${one} is allowed, and nobody takes it`),
    ...[...used(manifests)]
      .filter((one) => !leaving.has(one))
      .map((one) => `${one} is wanted, and not allowed`),
  ];
}

/** Without a policy that selects every pod for both directions, what is not allowed would still be possible. */
export function openByDefault(manifests: readonly Manifest[]): readonly string[] {
  const isDefault = manifests.some(({ kind, spec }) => {
    if (kind !== "NetworkPolicy") return false;
    const { podSelector, policyTypes, ingress, egress } = spec as JsonObject;
    return (
      JSON.stringify(podSelector) === "{}" &&
      JSON.stringify(policyTypes) === '["Ingress","Egress"]' &&
      ingress === undefined &&
      egress === undefined
    );
  });
  return isDefault ? [] : ["nothing is refused by default"];
}
