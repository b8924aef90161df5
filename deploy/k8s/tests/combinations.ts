import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Manifest } from "./render/manifest.ts";
import { render } from "./render/render.ts";

const folderOf = (overlay: string) =>
  fileURLToPath(new URL(`../overlays/${overlay}`, import.meta.url));

/** What is rendered and held to the rules: each overlay. */
export const OVERLAYS = ["demo", "staging", "production"] as const;

/** An overlay as it goes to the cluster. */
export function overlay(name: string): readonly Manifest[] {
  return render(folderOf(name));
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
