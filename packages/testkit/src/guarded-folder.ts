import { chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { tellGuard } from "./guard.ts";

/** A temporary folder that is removed on disposal, or by the guard if that never comes. */
export interface GuardedFolder extends AsyncDisposable {
  readonly path: string;
}

/** The user a server runs as that refuses to run as root: `nobody` everywhere. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A new folder of mode 0700.
 * @param owner other than the caller; only root may name one.
 */
export async function guardedFolder(name: string, owner?: ServerUser): Promise<GuardedFolder> {
  const parent = owner === undefined || (await isOpenToAll(tmpdir())) ? tmpdir() : "/tmp";
  const path = await mkdtemp(join(parent, `leasehold-${name}-`));
  tellGuard({ kind: "folder", path });
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Whether every user may walk to this folder; the home of root, for example, is closed to others. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || isOpenToAll(parent);
}
