import { execFile } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { ServiceKind } from "@leasehold/dev-cluster/parts";

/** A state of the code, whose programs can be started from source. */
export interface Version {
  /** A commit, or `this`. */
  readonly name: string;
  /** The program of each service. */
  readonly mains: Readonly<Record<ServiceKind, URL>>;
  /** A client application that competes for seats. */
  readonly agent: string;
  /** The names of all settings that its services know: they refuse to start with others. */
  readonly settings: ReadonlySet<string>;
}

export const KINDS = ["issuer", "activation", "seat-broker"] as const satisfies ServiceKind[];

/** The code that this program is part of. */
export function thisVersion(): Promise<Version> {
  return versionAt(new URL("../../", import.meta.url), "this");
}

/** @param root the folder of the workspace, with what it depends on installed; ends with a slash */
export async function versionAt(root: URL, name: string): Promise<Version> {
  const mains = {
    issuer: new URL("services/issuer/src/main.ts", root),
    activation: new URL("services/activation/src/main.ts", root),
    "seat-broker": new URL("services/seat-broker/src/main.ts", root),
  };
  const told = await Promise.all(KINDS.map((kind) => settingsOf(mains[kind])));
  return {
    name,
    mains,
    agent: fileURLToPath(new URL("robustness/agent/main.ts", root)),
    settings: new Set(told.flat()),
  };
}

/** As the service itself tells them. */
async function settingsOf(main: URL): Promise<readonly string[]> {
  const args = ["--conditions=source", fileURLToPath(main), "--env-example"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Array.from(stdout.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm), ([, name = ""]) => name);
}

/** The folder as a URL. */
export function folderUrl(path: string): URL {
  return pathToFileURL(`${path}/`);
}
