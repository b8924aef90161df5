import { isObject, type Json, type JsonObject, type Manifest } from "../render/manifest.ts";

/** A container, as far as rules look at it. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly EnvironmentVariable[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext?: JsonObject;
  readonly resources?: { readonly requests?: JsonObject; readonly limits?: JsonObject };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: { readonly name: string; readonly key: string };
    readonly secretKeyRef?: { readonly name: string; readonly key: string };
  };
}

export interface Probe {
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly httpGet?: { readonly port: number | string };
}

export interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
  readonly emptyDir?: JsonObject;
  readonly hostPath?: JsonObject;
}

/** The pods that a manifest makes. */
export interface Pods {
  /** For faults: `Deployment/issuer`. */
  readonly of: string;
  readonly kind: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly Volume[];
    readonly securityContext?: JsonObject;
    readonly automountServiceAccountToken?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly serviceAccountName?: string;
    readonly [other: string]: unknown;
  };
  readonly claims: readonly string[];
}

const WORKLOADS = ["Deployment", "StatefulSet", "Job"];

/** Every workload of some manifests. */
export function podsOf(manifests: readonly Manifest[]): readonly Pods[] {
  return manifests.filter(({ kind }) => WORKLOADS.includes(kind)).map(podsOfWorkload);
}

function podsOfWorkload({ kind, metadata, spec }: Manifest): Pods {
  const { template, volumeClaimTemplates } = spec as unknown as {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Pods["spec"];
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
  return {
    of: `${kind}/${metadata.name}`,
    kind,
    name: metadata.name,
    labels: template.metadata.labels,
    spec: template.spec,
    claims: (volumeClaimTemplates ?? []).map((claim) => claim.metadata.name),
  };
}

/** All containers of pods, those that run before included. */
export function containersOf({ spec }: Pods): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** What a selector may say: the labels themselves, or `matchLabels` and `matchExpressions`. */
interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Whether labels have everything that a selector wants. Of expressions it knows `In`, and holds others for unmet. */
export function selects(selector: Json | undefined, labels: Pods["labels"]): boolean {
  if (!isObject(selector)) return false;
  const { matchLabels, matchExpressions, ...plain } = selector;
  const expressions = (matchExpressions ?? []) as unknown as readonly Expression[];
  return (
    Object.entries({ ...plain, ...(isObject(matchLabels) ? matchLabels : {}) }).every(
      ([key, value]) => labels[key] === value,
    ) &&
    expressions.every(
      ({ key, operator, values }) => operator === "In" && values.includes(labels[key] ?? ""),
    )
  );
}
