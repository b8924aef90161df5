import { identity, type Manifest } from "./render/manifest.ts";

/** Classes of objects, by kind: they check what they are made of. */
export type Models = Readonly<Record<string, new (data: never) => { validate(): void }>>;

/** What is generated from the API of Kubernetes and from definitions of custom resources, for each kind that the manifests use. */
const MODELS: Readonly<Record<string, () => Promise<unknown>>> = {
  "kubernetes-models/apps/v1/Deployment": () => import("kubernetes-models/apps/v1/Deployment"),
  "kubernetes-models/apps/v1/StatefulSet": () => import("kubernetes-models/apps/v1/StatefulSet"),
  "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler": () =>
    import("kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler"),
  "kubernetes-models/batch/v1/Job": () => import("kubernetes-models/batch/v1/Job"),
  "kubernetes-models/networking.k8s.io/v1/NetworkPolicy": () =>
    import("kubernetes-models/networking.k8s.io/v1/NetworkPolicy"),
  "kubernetes-models/policy/v1/PodDisruptionBudget": () =>
    import("kubernetes-models/policy/v1/PodDisruptionBudget"),
  "kubernetes-models/v1/ConfigMap": () => import("kubernetes-models/v1/ConfigMap"),
  "kubernetes-models/v1/Namespace": () => import("kubernetes-models/v1/Namespace"),
  "kubernetes-models/v1/Service": () => import("kubernetes-models/v1/Service"),
  "kubernetes-models/v1/ServiceAccount": () => import("kubernetes-models/v1/ServiceAccount"),
  "@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate": () =>
    import("@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate"),
  "@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer": () =>
    import("@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer"),
  "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret": () =>
    import("@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret"),
  "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor": () =>
    import("@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor"),
};

/** The module that knows objects of this kind; `undefined` for a kind that is not in the list. */
export function moduleOf({ apiVersion, kind }: Manifest): string | undefined {
  return Object.keys(MODELS).find((name) => name.endsWith(`/${apiVersion}/${kind}`));
}

/** The classes of that module. */
export async function modelsOf(manifest: Manifest): Promise<Models> {
  const load = MODELS[moduleOf(manifest) ?? ""];
  if (!load) throw new Error(`${identity(manifest)}: nothing is known of ${manifest.apiVersion}`);
  return (await load()) as Models;
}
