import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { issuer, type ServiceDefinition } from "@leasehold/contracts";
import { healthOf } from "@leasehold/dev-cluster";
import { type Client, client, connect } from "@leasehold/rpc-client";
import { openPostgres, type Postgres } from "@leasehold/store-kit";
import {
  backingPostgres,
  createDatabase,
  databaseUrl,
  freePort,
  guardedFolder,
  startGuarded,
  until,
  passwordsApart,
} from "@leasehold/testkit";

const MAIN = new URL("../../services/issuer/src/main.ts", import.meta.url);
const START_LIMIT_MS = 60_000;
/** Filling a table is one long statement. */
const STATEMENT_TIMEOUT_MS = 1_800_000;

/** Who calls, by the secret that stands for them. */
const CALLERS = {
  administrator: { kind: "administrator", subject: "bench", permissions: ["*"] },
  service: { kind: "service", subject: "activation", permissions: ["unlock", "licenses.watch"] },
} as const;
type Caller = keyof typeof CALLERS;

/** An issuer as a process of its own, on a database of its own; nothing of it outlives its disposal. */
export interface LoneIssuer extends AsyncDisposable {
  readonly postgres: Postgres;
  client<Definition extends ServiceDefinition>(
    definition: Definition,
    caller: Caller,
  ): Client<Definition>;
  /** Its resident memory, in bytes. Linux only. */
  memory(): Promise<number>;
}

export async function startLoneIssuer(): Promise<LoneIssuer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("issuer-bench"));
  const server = stack.use(await backingPostgres());
  const name = `bench_issuer_${randomBytes(4).toString("hex")}`;
  stack.use(await createDatabase(server.url, name));
  const url = databaseUrl(server.url, name);
  const address = `127.0.0.1:${await freePort()}`;
  const running = stack.use(
    await startGuarded({
      command: process.execPath,
      args: ["--conditions=source", fileURLToPath(MAIN)],
      env: await environment(folder.path, url, address),
      stopSignal: "SIGTERM",
    }),
  );
  await until("the issuer is serving", START_LIMIT_MS, async () => {
    if (running.ending !== undefined) throw new Error(running.lines(20).join("\n"));
    const health = await healthOf(address, issuer.IssuerServiceDefinition.fullName);
    return health === "SERVING" || undefined;
  });
  const postgres = stack.use(
    openPostgres({
      url,
      poolSize: 2,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: "bench",
    }),
  );
  const channel = stack.use(connect(address));
  const letGo = stack.move();
  return {
    postgres,
    client: (definition, caller) =>
      client(definition, channel, { metadata: () => ({ authorization: `Bearer ${caller}` }) }),
    memory: () => memoryOf(running.pid),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function environment(
  folder: string,
  url: string,
  address: string,
): Promise<Readonly<Record<string, string>>> {
  const write = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const database = passwordsApart(url);
  const secret = (name: string) => write(name, randomBytes(32).toString("hex"));
  const accepted = Object.entries(CALLERS).map(([caller, facts]) => ({
    ...facts,
    sha256: createHash("sha256").update(caller).digest("hex"),
  }));
  return {
    PATH: process.env["PATH"] ?? "",
    ISSUER_LISTEN: address,
    ISSUER_DEPLOYMENT: "bench.leasehold.local",
    ISSUER_LOG_LEVEL: "warn",
    ISSUER_DATABASE_URL: database.url,
    ...(database.password && {
      ISSUER_DATABASE_PASSWORD_FILE: await write("database-password", database.password),
    }),
    ISSUER_BEARER_TOKENS_FILE: await write("bearer-tokens.json", JSON.stringify(accepted)),
    ISSUER_KEY_ENCRYPTION_KEY_FILE: await secret("key-encryption-key"),
    ISSUER_PEPPER_FILE: await secret("pepper"),
    ISSUER_TRUST_ROOT_KEY_FILE: await secret("trust-root-key"),
  };
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
