/*
 * Holds manifests against the types that are generated from the API of Kubernetes and from the definitions of custom
 * resources: the compiler finds fields that there are not, and what is missing; the validators find wrong values.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleOf, modelsOf } from "./models.ts";
import { identity, type Manifest } from "./render/manifest.ts";

/** Below the package that has the types, so that the compiler finds them. */
const FOLDER = fileURLToPath(new URL("../../.cache/", import.meta.url));
const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const FLAGS = ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig", "--pretty", "false"];
const OPTIONS = ["--module", "nodenext", "--target", "es2024", "--types", ""];

/** What is wrong with the fields of some manifests, a line for each fault. */
export function fieldFaults(manifests: readonly Manifest[]): readonly string[] {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "manifests-"));
  try {
    const files = manifests.map((manifest, at) => {
      const file = join(folder, `m${at}-${identity(manifest).replace("/", "-")}.ts`);
      writeFileSync(file, asConstant(manifest));
      return file;
    });
    const run = spawnSync(process.execPath, [TSC, ...FLAGS, ...OPTIONS, ...files], {
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

/** A manifest as a constant of its type, which has no room for fields that there are not. */
function asConstant(manifest: Manifest): string {
  const type = `I${manifest.kind}`;
  return (
    `import type { ${type} } from "${moduleOf(manifest) ?? `unknown/${manifest.apiVersion}`}";\n` +
    `export const manifest: ${type} = ${JSON.stringify(manifest, undefined, 1)};\n`
  );
}

/** What is wrong with the values of some manifests: `Deployment/issuer: …`. */
export async function valueFaults(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const faults = manifests.map(async (manifest) => {
    try {
      const Model = (await modelsOf(manifest))[manifest.kind];
      if (!Model) return [`${identity(manifest)}: there is no such kind`];
      new Model(manifest as never).validate();
      return [];
    } catch (error) {
      return [`${identity(manifest)}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  return (await Promise.all(faults)).flat();
}
