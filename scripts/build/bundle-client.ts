import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { thirdPartyNotices } from "./third-party-notices.ts";

const CLIENT = fileURLToPath(new URL("../../packages/client/", import.meta.url));

/**
 * What stays a package of its own, as an application may have to do with it too: credentials of its own
 * for gRPC, its own traces, a `Problem` that it catches. There is one of each, then.
 */
export const SHARED = ["@grpc/grpc-js", "@leasehold/kernel", "@opentelemetry/api"];

/**
 * Puts the client and what it uses of other packages into `index.js` of a folder, with what is loaded later
 * and the licenses of what is not of this repository beside it. Both paths are from the client's folder.
 * `conditions` tell which files of other packages are read, as `node --conditions` does.
 */
export async function bundleClient(
  entry: string,
  folder: string,
  conditions: readonly string[] = [],
): Promise<void> {
  const dir = join(CLIENT, folder);
  await rm(dir, { recursive: true, force: true });
  await using bundle = await rolldown({
    cwd: CLIENT,
    input: entry,
    platform: "node",
    external: SHARED,
    resolve: { conditionNames: [...conditions, "import", "default"] },
  });
  const names = { entryFileNames: "index.js", chunkFileNames: "[name].js" };
  const { output } = await bundle.write({ dir, ...names });
  const modules = output.flatMap((file) =>
    file.type === "chunk" ? Object.entries(file.modules) : [],
  );
  const files = modules.filter(([, { renderedLength }]) => renderedLength > 0);
  const notices = thirdPartyNotices(files.map(([file]) => file));
  await writeFile(join(dir, "THIRD-PARTY-NOTICES.txt"), notices);
}
