import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIfThere, readIfThere, replaceFile } from "./durable-file.ts";

/**
 * What an installation without a connection keeps in a folder of its directory: `{id}.lreq` for
 * each request file that was made and not answered yet.
 */
export interface OfflineDirectory {
  /** On disk before it is told, so that its response is known whenever it comes. */
  keep(request: PendingRequest): Promise<void>;
  /** The request files that wait for a response. */
  list(): Promise<readonly PendingRequest[]>;
  forget(id: string): Promise<void>;
}

/** A request file that waits for its response. */
export interface PendingRequest {
  /** A UUID. */
  readonly id: string;
  readonly requestFile: string;
}

const FOLDER = "offline";

/** The request files that are kept in an installation's directory, which may hold none. */
export function offlineDirectory(installationDirectory: string): OfflineDirectory {
  const folder = join(installationDirectory, FOLDER);
  const path = (id: string) => join(folder, `${id}.lreq`);
  return {
    async keep({ id, requestFile }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(path(id), requestFile, 0o600);
    },
    async list() {
      const ids = (await namesIfThere(folder))
        .map((name) => /^([0-9a-f-]{36})\.lreq$/.exec(name)?.[1])
        .filter((id) => id !== undefined);
      const read = ids.map(async (id) => ({ id, requestFile: await readIfThere(path(id)) }));
      return (await Promise.all(read)).flatMap(({ id, requestFile }) =>
        requestFile === undefined ? [] : [{ id, requestFile }],
      );
    },
    forget: (id) => rm(path(id), { force: true }),
  };
}
