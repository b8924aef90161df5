import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse } from "yaml";
import type { DependencyLicenses, Manifest, SupplyProject, Workspace } from "./project.ts";

/** Reads what the gates look at; from the top of the repository, with everything installed. */
export function readProject(): SupplyProject {
  const workspace = parse(readFileSync("pnpm-workspace.yaml", "utf8")) as Workspace & {
    readonly packages: readonly string[];
  };
  return {
    manifests: [".", ...workspace.packages]
      .flatMap((folder) => globSync(`${folder}/package.json`))
      .map(readManifest),
    workspace,
    lockfile: readFileSync("pnpm-lock.yaml", "utf8"),
    installed: globSync("node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json").map(
      readManifest,
    ),
    licenses: readLicenses(),
  };
}

function readManifest(path: string): Manifest {
  const content = JSON.parse(readFileSync(path, "utf8")) as Omit<Manifest, "folder">;
  return { ...content, folder: dirname(path) };
}

function readLicenses(): DependencyLicenses {
  const list = execFileSync("pnpm", ["--recursive", "licenses", "list", "--prod", "--json"], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(list) as DependencyLicenses;
}
