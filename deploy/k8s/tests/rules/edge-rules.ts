import type { JsonObject, Manifest } from "../render/manifest.ts";
import { containersOf, podsOf } from "./pods.ts";

const NAME = "app.kubernetes.io/name";

/** A way between two components, as one end allows it, or as a setting uses it: `issuer → postgres:5432`. */
type Way = string;
const way = (from: string, to: string, port: number | string): Way => `${from} → ${to}:${port}`;

/** Whatever is not of these manifests. */
const OUTSIDE = "outside";

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number }[];
}
interface Peer {
  readonly podSelector?: PodSelector;
  readonly namespaceSelector?: JsonObject;
  readonly ipBlock?: JsonObject;
}
interface PodSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** The components of some that a selector means by name. */
function meant(
  { matchLabels = {}, matchExpressions = [] }: PodSelector,
  components: ReadonlySet<string>,
): readonly string[] {
  const names = [
    matchLabels[NAME],
    ...matchExpressions
      .filter(({ key, operator }) => key === NAME && operator === "In")
      .flatMap(({ values }) => values),
  ];
  return names.filter((name) => name !== undefined && components.has(name)) as readonly string[];
}

/** What policies allow between components of these manifests, from one of both ends. */
function allowed(
  manifests: readonly Manifest[],
  direction: "ingress" | "egress",
): ReadonlySet<Way> {
  const components = new Set(podsOf(manifests).map(({ name }) => name));
  const ways = manifests
    .filter(({ kind }) => kind === "NetworkPolicy")
    .flatMap(({ spec }) => {
      const policy = spec as unknown as { readonly podSelector: PodSelector } & Record<
        string,
        readonly Rule[]
      >;
      const selves = meant(policy.podSelector, components);
      return (policy[direction] ?? []).flatMap(({ from, to, ports = [] }) => {
        const others = (from ?? to ?? [])
          .filter(({ namespaceSelector }) => namespaceSelector === undefined)
          .flatMap(({ podSelector = {}, ipBlock }) =>
            ipBlock === undefined ? meant(podSelector, components) : [OUTSIDE],
          );
        return selves.flatMap((self) =>
          others.flatMap((other) =>
            ports.map(({ port }) =>
              direction === "egress" ? way(self, other, port) : way(other, self, port),
            ),
          ),
        );
      });
    });
  return new Set(ways);
}

/** What settings lead to: every `host:port` whose host is a Service here, or has a full name elsewhere. */
function used(manifests: readonly Manifest[]): ReadonlySet<Way> {
  const components = new Map(
    manifests
      .filter(({ kind }) => kind === "Service")
      .map(({ metadata, spec }) => {
        const { selector } = spec as { readonly selector: Readonly<Record<string, string>> };
        return [metadata.name, selector[NAME] ?? ""] as const;
      }),
  );
  const ways = podsOf(manifests).flatMap((pods) =>
    containersOf(pods)
      .flatMap(({ env = [] }) => env)
      .flatMap(({ value = "" }) =>
        [...value.matchAll(/([a-z][a-z0-9.-]*):(\d{2,5})/g)].flatMap(([, host = "", port = ""]) => {
          const isFull = host.split(".").length > 2;
          const component = isFull ? OUTSIDE : components.get(host.split(".").at(-1) ?? "");
          return component === undefined ? [] : [way(pods.name, component, port)];
        }),
      ),
  );
  return new Set(ways);
}

/**
 * No setting names these ways: sentinels tell where the primary is, which replicas follow; providers of sign-in are named in a file.
 */
function implied(manifests: readonly Manifest[], named: ReadonlySet<Way>): readonly Way[] {
  const primaries = [...named]
    .filter((one) => one.endsWith(":26379"))
    .map((one) => one.replace(":26379", ":6379"));
  const signIns = podsOf(manifests)
    .filter((pods) => containersOf(pods).some(({ env = [] }) => env.some(isOfSignIn)))
    .map(({ name }) => way(name, OUTSIDE, 443));
  return [...primaries, ...signIns, way("redis", "redis", 6379), way("redis", "redis", 26379)];
}

function isOfSignIn({ name }: { readonly name: string }): boolean {
  return name.endsWith("_IDENTITY_PROVIDERS_FILE");
}

/** Each way is allowed from both ends, is used, and whatever is used is allowed. */
export function oddEdges(manifests: readonly Manifest[]): readonly string[] {
  const [leaving, arriving] = [allowed(manifests, "egress"), allowed(manifests, "ingress")];
  const named = used(manifests);
  const implicit = implied(manifests, named);
  const taken = new Set([...named, ...implicit]);
  const wanted = [...named, ...implicit.filter((one) => !one.startsWith("redis "))];
  const among = ([...ways]: ReadonlySet<Way>) =>
    ways.filter((one) => !one.includes(` → ${OUTSIDE}:`));
  return [
    ...among(leaving)
      .filter((one) => !arriving.has(one))
      .map((one) => `${one} may leave, and not arrive`),
    ...among(arriving)
      .filter((one) => !leaving.has(one))
      .map((one) => `${one} may arrive, and not leave`),
    ...[...leaving]
      .filter((one) => !taken.has(one))
      .map((one) => `${one} is allowed, and nobody takes it`),
    ...wanted.filter((one) => !leaving.has(one)).map((one) => `${one} is wanted, and not allowed`),
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
