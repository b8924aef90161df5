import {
  environmentOf,
  makeSecrets,
  openStores,
  type Secrets,
  type ServiceKind,
  SERVICES,
  storeSettings,
  urlsOf,
} from "@leasehold/dev-cluster/parts";
import {
  type GuardedProcess,
  guardedFolder,
  startGuarded,
  testPostgres,
  testRedis,
  until,
} from "@leasehold/testkit";
import { fileURLToPath } from "node:url";

/** How a service that was started came to its end. */
export interface Ended {
  readonly code: string;
  /** Everything that it wrote. */
  readonly text: string;
  /** The last line of its log; empty if that is none. */
  readonly last: {
    readonly msg?: string;
    readonly why?: string;
    readonly settings?: readonly string[];
  };
}

type Environment = Readonly<Record<string, string>>;

/** Services that can be started, each with everything it needs, and the stores they work on. */
export interface Startable extends AsyncDisposable {
  readonly folder: string;
  readonly secrets: Secrets;
  readonly databaseUrls: Readonly<Record<ServiceKind, string>>;
  /** All settings of a service, those among them that are given in place of its own, without its prefix. */
  environment(kind: ServiceKind, settings?: Environment): Promise<Environment>;
  /** Starts a service. */
  start(kind: ServiceKind, environment: Environment): Promise<GuardedProcess>;
  /** Starts a service, which is to end by itself. */
  end(kind: ServiceKind, environment: Environment, ...args: readonly string[]): Promise<Ended>;
  /** Starts a service, until it has logged this; resolves to everything that it wrote. */
  serveUntil(kind: ServiceKind, environment: Environment, logged: string): Promise<string>;
}

const LIMIT_MS = 60_000;

/** Stores of the tests' own, and secrets. */
export async function startable(): Promise<Startable> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("start-up"));
  const secrets = await makeSecrets(folder.path);
  const [postgres, redis] = [stack.use(await testPostgres()), stack.use(await testRedis())];
  const given = { postgresUrl: postgres.url, redisUrl: () => redis.url };
  const stores = stack.use(await openStores(given));
  const letGo = stack.move();
  return {
    folder: folder.path,
    secrets,
    databaseUrls: stores.databaseUrls,
    environment: async (kind, settings = {}) => {
      const { prefix } = SERVICES[kind];
      const own = environmentOf(kind, {
        deployment: "start-up.example",
        secrets,
        stores: await storeSettings(folder.path, kind, urlsOf(stores, kind, 1)),
        addresses: { issuer: "127.0.0.1:1", activation: "127.0.0.1:1" },
        options: {},
      });
      const changed = Object.entries(settings).map(
        ([name, value]) => [`${prefix}_${name}`, value] as const,
      );
      return { ...own, [`${prefix}_LISTEN`]: "127.0.0.1:0", ...Object.fromEntries(changed) };
    },
    start,
    end: endOf,
    serveUntil,
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

function start(
  kind: ServiceKind,
  env: Environment,
  args: readonly string[] = [],
): Promise<GuardedProcess> {
  return startGuarded({
    command: process.execPath,
    args: ["--conditions=source", fileURLToPath(SERVICES[kind].main), ...args],
    env,
    stopSignal: "SIGTERM",
  });
}

async function endOf(
  kind: ServiceKind,
  env: Environment,
  ...args: readonly string[]
): Promise<Ended> {
  await using running = await start(kind, env, args);
  await until(`${kind} ends`, LIMIT_MS, () => (running.ending === undefined ? undefined : true));
  const lines = running.lines();
  const last = lines.findLast((line) => line.startsWith("{")) ?? "{}";
  return {
    code: running.ending ?? "",
    text: lines.join("\n"),
    last: JSON.parse(last) as Ended["last"],
  };
}

async function serveUntil(kind: ServiceKind, env: Environment, logged: string): Promise<string> {
  await using running = await start(kind, env);
  return await until(`${kind} logs "${logged}"`, LIMIT_MS, () => {
    const text = running.lines().join("\n");
    if (text.includes(logged)) return text;
    if (running.ending !== undefined) throw new Error(text);
    return undefined;
  });
}
