import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { guardedFolder, type ServerUser } from "./guarded-folder.ts";
import { type GuardedProcess, startGuarded } from "./guarded-process.ts";
import { backUpPostgres, type PostgresBackup, putBack } from "./postgres-backup.ts";
import { POSTGRES_WAYS_OUT, type PostgresPrograms, postgresPrograms } from "./postgres-programs.ts";
import { until } from "./until.ts";

/** Postgres refuses to run as root, so root starts it as `nobody`. */
const NOBODY: ServerUser = { uid: 65_534, gid: 65_534 };
const ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" };
const START_LIMIT_MS = 30_000;

/** A Postgres of one's own on loopback, which may be crashed. */
export interface PostgresServer extends AsyncDisposable {
  /** Of the superuser, on database `postgres`. */
  readonly url: string;
  /** For example `17.10`. */
  readonly version: string;
  /** Ends it at once as a crash does: nothing is written back, and the next start recovers. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, or with those of a backup; kills it first if it runs. */
  restart(options?: { readonly from?: PostgresBackup }): Promise<void>;
  /** Copies all its data while it works. */
  backUp(): Promise<PostgresBackup>;
}

/**
 * Starts a Postgres with the settings it has in production: `fsync` stays on.
 * @param options `from` a backup of another one, whose password it has then; empty if absent
 */
export async function startPostgres(
  options: { readonly from?: PostgresBackup } = {},
): Promise<PostgresServer> {
  await using stack = new AsyncDisposableStack();
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  const folder = stack.use(await guardedFolder("postgres", user));
  const programs = await postgresPrograms(user && { folder: folder.path, user });
  const password = options.from?.password ?? randomBytes(16).toString("hex");
  const site = { programs, user, folder: folder.path, password };
  const data = join(folder.path, "data");
  if (options.from) await putBack(options.from, data);
  else await initialize(site);
  let running = await startSomewhere(site);
  stack.defer(() => running.process[Symbol.asyncDispose]());
  const { port, version } = running;
  const kill = async () => {
    running.process.signal("SIGQUIT");
    await running.process.ended();
  };
  const letGo = stack.move();
  return {
    url: urlOf(site, port),
    version,
    kill,
    backUp: () => backUpPostgres({ url: urlOf(site, port), data, password, user }),
    restart: async ({ from } = {}) => {
      await kill();
      if (from) await putBack(from, data);
      running = await startAgain(site, port);
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

interface Site {
  readonly programs: PostgresPrograms;
  readonly user: ServerUser | undefined;
  readonly folder: string;
  readonly password: string;
}

interface Running {
  readonly process: GuardedProcess;
  readonly port: number;
  readonly version: string;
}

async function initialize(site: Site): Promise<void> {
  const passwordFile = join(site.folder, "password");
  await writeFile(passwordFile, site.password, { mode: 0o600 });
  if (site.user !== undefined) await chown(passwordFile, site.user.uid, site.user.gid);
  const args = ["-D", join(site.folder, "data"), "-U", "postgres", "-A", "scram-sha-256"];
  await promisify(execFile)(
    site.programs.initdb,
    [
      ...args,
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
    ],
    { cwd: site.folder, env: ENVIRONMENT, ...site.user },
  ).catch((error: unknown) => {
    throw new Error(`No Postgres: ${String(error)}\n${POSTGRES_WAYS_OUT}`, { cause: error });
  });
}

/** Another process may take the port between the look and the start; then another port is tried. */
async function startSomewhere(site: Site): Promise<Running> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await start(site, await freePort());
    if (outcome.kind === "running") return outcome;
    if (tried === 5) throw new Error(`Postgres does not start: ${outcome.output}`);
  }
}

/** Tries until the last of the crashed server's processes have let go of its shared memory. */
async function startAgain(site: Site, port: number): Promise<Running> {
  return until("Postgres starts again", START_LIMIT_MS, async () => {
    const outcome = await start(site, port);
    return outcome.kind === "running" ? outcome : undefined;
  });
}

async function start(
  site: Site,
  port: number,
): Promise<({ kind: "running" } & Running) | { kind: "ended"; output: string }> {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
  ];
  const server = await startGuarded({
    command: site.programs.postgres,
    args: [
      "-D",
      join(site.folder, "data"),
      "-p",
      String(port),
      ...settings.flatMap((each) => ["-c", each]),
    ],
    cwd: site.folder,
    env: ENVIRONMENT,
    user: site.user,
    stopSignal: "SIGINT",
  });
  const version = await until("Postgres answers", START_LIMIT_MS, async () =>
    server.ending === undefined ? versionAt(urlOf(site, port)) : "",
  ).catch(async (error: unknown) => {
    await server[Symbol.asyncDispose]();
    throw error;
  });
  if (version === "") return { kind: "ended", output: server.lines(5).join("\n") };
  return { kind: "running", process: server, port, version };
}

function urlOf(site: Site, port: number): string {
  return `postgres://postgres:${site.password}@127.0.0.1:${port}/postgres`;
}

/** The version of the Postgres at a URL; `undefined` as long as none answers there. */
export async function versionAt(url: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    return rows[0]?.server_version;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}
