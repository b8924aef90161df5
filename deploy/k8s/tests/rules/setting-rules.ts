import { SECRET_FILES } from "../../../secret-files.ts";
import { isService, settingFaults, someSecret } from "../../../settings/service-settings.ts";
import type { Manifest } from "../render/manifest.ts";
import { type Container, type EnvironmentVariable, type Pods, podsOf } from "./pods.ts";

/** What cert-manager puts into the Secret of a Certificate. */
const OF_CERTIFICATE = ["tls.crt", "tls.key", "ca.crt"];

type Files = Readonly<Record<string, string>>;

/** Services start with the settings that they are given, and every file that these name is mounted. */
export function unusableSettings(manifests: readonly Manifest[]): readonly string[] {
  return podsOf(manifests).flatMap((pods) =>
    pods.spec.containers
      .filter(({ name }) => isService(name))
      .flatMap((container) => {
        const environment = Object.fromEntries(
          (container.env ?? []).map((variable) => [variable.name, valueOf(variable, manifests)]),
        );
        const files = filesOf(container, pods, manifests);
        const unread = Object.entries(environment)
          .filter(([name, value]) => name.endsWith("_FILE") && files[value] === undefined)
          .map(([name, value]) => `${name} names ${value}, which is not mounted`);
        const faults = settingFaults(container.name, environment, (path) => fileOf(files, path));
        return [...unread, ...faults].map((fault) => `${pods.of}: ${fault}`);
      }),
  );
}

function valueOf(
  { value, valueFrom }: EnvironmentVariable,
  manifests: readonly Manifest[],
): string {
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (configMapKeyRef)
    return settingsOf(configMapKeyRef.name, manifests)[configMapKeyRef.key] ?? "";
  if (secretKeyRef) return secretOf(secretKeyRef.name, manifests)[secretKeyRef.key] ?? "";
  return value ?? "";
}

function fileOf(files: Files, path: string): string {
  const content = files[path];
  if (content === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
  return content;
}

/** Every file that a container sees of Secrets and ConfigMaps, by its path. */
function filesOf(
  { volumeMounts = [] }: Container,
  { spec }: Pods,
  manifests: readonly Manifest[],
): Files {
  const entries = volumeMounts.flatMap(({ name, mountPath }) => {
    const volume = spec.volumes?.find((one) => one.name === name);
    const content = {
      ...(volume?.secret && secretOf(volume.secret.secretName, manifests)),
      ...(volume?.configMap && settingsOf(volume.configMap.name, manifests)),
    };
    return Object.entries(content).map(([key, text]) => [`${mountPath}/${key}`, text] as const);
  });
  return Object.fromEntries(entries);
}

function settingsOf(name: string, manifests: readonly Manifest[]): Files {
  const map = manifests.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name,
  );
  return (map?.["data"] ?? {}) as Files;
}

function secretOf(name: string, manifests: readonly Manifest[]): Files {
  const isCertificate = manifests.some(
    ({ kind, spec }) =>
      kind === "Certificate" && (spec as { readonly secretName?: string }).secretName === name,
  );
  const keys = isCertificate
    ? OF_CERTIFICATE
    : Object.keys((SECRET_FILES as Readonly<Record<string, Files>>)[name] ?? {});
  return Object.fromEntries(keys.map((key) => [key, someSecret(key)]));
}
