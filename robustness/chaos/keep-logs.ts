import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceName } from "@leasehold/dev-cluster";

const FOLDER = fileURLToPath(new URL("../../.cache/robustness/", import.meta.url));

/** Keeps the last lines of each service of a run in which something was found. @returns where */
export async function keepLogs(
  name: string,
  logs: ReadonlyMap<ServiceName, readonly string[]>,
): Promise<string> {
  const folder = join(FOLDER, name);
  await mkdir(folder, { recursive: true });
  for (const [service, lines] of logs)
    await writeFile(join(folder, `${service}.log`), `${lines.join("\n")}\n`);
  return folder;
}
