/*
 * Holds manifests against the types that are generated from the API of Kubernetes and from the definitions of custom
 * resources: the compiler finds fields that there are not, and what is missing; the validators find wrong values.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { identity, type Manifest } from "./render/manifest.ts";

/** Where the types of a group of custom resources are. */
const OF_CUSTOM_RESOURCES: Readonly<Record<string, string>> = {
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "external-secrets.io": "@kubernetes-models/external-secrets",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};
/** Below the package that has the types, so that the compiler finds them. */
const FOLDER = fileURLToPath(new URL("../../.cache/", import.meta.url));
const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

function moduleOf({ apiVersion, kind }: Manifest): string {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return `${OF_CUSTOM_RESOURCES[group] ?? "kubernetes-models"}/${apiVersion}/${kind}`;
}

/** What is wrong with the fields of some manifests, a line for each fault. */
export function fieldFaults(manifests: readonly Manifest[]): readonly string[] {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "manifests-"));
  try {
    const files = manifests.map((manifest, at) => {
      const name = `m${at}-${identity(manifest).replace("/", "-")}.ts`;
      const type = `I${manifest.kind}`;
      writeFileSync(
        join(folder, name),
        `import type { ${type} } from "${moduleOf(manifest)}";\n` +
          `export const manifest: ${type} = ${JSON.stringify(manifest, undefined, 1)};\n`,
      );
      return join(folder, name);
    });
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig", "--pretty", "false"];
    const options = ["--module", "nodenext", "--target", "es2024", "--types", ""];
    const run = spawnSync(process.execPath, [TSC, ...flags, ...options, ...files], {
      encoding: "utf8",
      cwd: dirname(FOLDER),
    });
    const faults = run.stdout.split("\n").filter((line) => line !== "");
    if (run.status !== 0 && faults.length === 0) throw new Error(run.stderr);
    return faults;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong with the values of some manifests: `Deployment/issuer: …`. */
export async function valueFaults(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const faults = manifests.map(async (manifest) => {
    const models = (await import(/* @vite-ignore */ moduleOf(manifest))) as Readonly<
      Record<string, new (data: Manifest) => { validate(): void }>
    >;
    const Model = models[manifest.kind];
    if (!Model) return [`${identity(manifest)}: there is no such kind`];
    try {
      new Model(manifest).validate();
      return [];
    } catch (error) {
      return [`${identity(manifest)}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  return (await Promise.all(faults)).flat();
}
