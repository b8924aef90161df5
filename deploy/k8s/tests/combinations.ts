import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "./render/manifest.ts";
import { componentsOf, render } from "./render/render.ts";

const OVERLAYS = fileURLToPath(new URL("../overlays/", import.meta.url));
/** Components put together otherwise than in an overlay, so that each is seen with and without the others. */
const OTHERS = fileURLToPath(new URL("combinations/", import.meta.url));

const foldersIn = (folder: string) => readdirSync(folder).map((name) => join(folder, name));
const FOLDERS: ReadonlyMap<string, string> = new Map(
  [...foldersIn(OVERLAYS), ...foldersIn(OTHERS)].map((folder) => [basename(folder), folder]),
);

/** What is rendered and held to the rules: each overlay, and each other combination. */
export const COMBINATIONS: readonly string[] = [...FOLDERS.keys()];

/** Where it is. */
export function folderOf(name: string): string {
  const folder = FOLDERS.get(name);
  if (folder === undefined) throw new Error(`there is no combination ${name}`);
  return folder;
}

/** A combination as it goes to the cluster. */
export function combination(name: string): readonly Manifest[] {
  return render(folderOf(name));
}

/** The components that are in no combination. */
export function unusedComponents(): readonly string[] {
  const used = new Set<string>();
  for (const folder of FOLDERS.values()) for (const name of componentsOf(folder)) used.add(name);
  const all = readdirSync(fileURLToPath(new URL("../components/", import.meta.url)));
  return all.filter((name) => !used.has(name));
}

/** The same by kustomize itself, as text; `undefined` where there is none. */
export function byKustomize(name: string): string | undefined {
  for (const [program, ...args] of [
    ["kustomize", "build"],
    ["kubectl", "kustomize"],
  ] as const)
    try {
      return execFileSync(program, [...args, folderOf(name)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw error;
    }
  return undefined;
}
