import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { activation } from "@leasehold/contracts";
import { client, connect } from "@leasehold/rpc-client";
import type { Log } from "@leasehold/service-kit";
import {
  freePort,
  type GuardedProcess,
  guardedFolder,
  passwordsApart,
  startGuarded,
  testRedis,
  until,
} from "@leasehold/testkit";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";
import { type FakeIssuer, fakeIssuer, SERVICE_TOKEN } from "./fake-issuer.ts";
import { SEAL_PRIVATE_KEY } from "./running-activation.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const DEPLOYMENT = "test.leasehold.local";
const DESK = randomBytes(32).toString("hex");
const START_LIMIT_MS = 120_000;
const NOTHING = () => undefined;
const SILENT: Log = { debug: NOTHING, info: NOTHING, warn: NOTHING, error: NOTHING };

/** The service as two processes of their own, on one database, one Redis and one fake issuer. */
export interface TwoProcesses extends AsyncDisposable {
  readonly issuer: FakeIssuer;
  readonly database: ActivationDatabase;
  /** Where each listens. */
  readonly addresses: readonly [string, string];
  /** Headers of an administrator who may do everything. */
  readonly desk: Readonly<Record<string, string>>;
}

/** Starts both. Resolves when they answer. */
export async function twoProcesses(): Promise<TwoProcesses> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("activation"));
  const database = stack.use(await activationDatabase());
  const redis = stack.use(await testRedis());
  const issuer = await fakeIssuer(DEPLOYMENT);
  const server = stack.use(await issuer.serve("127.0.0.1:0", SILENT));
  const environment = {
    PATH: process.env["PATH"] ?? "",
    ACTIVATION_DEPLOYMENT: DEPLOYMENT,
    ACTIVATION_ISSUER_ADDRESS: server.address,
    ACTIVATION_TRUST_ROOT: Buffer.from(issuer.rootKey).toString("hex"),
    ACTIVATION_DRAIN: "1s",
    ACTIVATION_UNLOCK_TRIES_PER_NETWORK: "1000000/1m",
    ACTIVATION_UNLOCK_FAILURES_PER_NETWORK: "1000000/1m",
    ...(await secretFiles(folder.path, { database: database.url, redis: redis.url })),
  };
  const start = async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const started = stack.use(await launch({ ...environment, ACTIVATION_LISTEN: address }));
    await until("it answers", START_LIMIT_MS, () => answers(address, started)).catch((cause) => {
      throw new Error(`it does not answer:\n${started.lines(20).join("\n")}`, { cause });
    });
    return address;
  };
  const addresses = [await start(), await start()] as const;
  const letGo = stack.move();
  return {
    issuer,
    database,
    addresses,
    desk: { authorization: `Bearer ${DESK}` },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function secretFiles(
  folder: string,
  urls: { readonly database: string; readonly redis: string },
): Promise<Readonly<Record<string, string>>> {
  const write = async (name: string, text = "") => {
    const path = join(folder, name);
    await writeFile(path, `${text}\n`, { mode: 0o600 });
    return path;
  };
  const [database, redis] = [passwordsApart(urls.database), passwordsApart(urls.redis)];
  const sha256 = createHash("sha256").update(DESK).digest("hex");
  const desk = { sha256, kind: "administrator", subject: "desk", permissions: ["*"] };
  return {
    ACTIVATION_DATABASE_URL: database.url,
    ACTIVATION_DATABASE_PASSWORD_FILE: await write("database-password", database.password),
    ACTIVATION_REDIS_URL: redis.url,
    ...(redis.password !== undefined && {
      ACTIVATION_REDIS_PASSWORD_FILE: await write("redis-password", redis.password),
    }),
    ACTIVATION_BEARER_TOKENS_FILE: await write("tokens.json", JSON.stringify([desk])),
    ACTIVATION_SERVICE_TOKEN_FILE: await write("service-token", SERVICE_TOKEN),
    ACTIVATION_CHALLENGE_KEYS_FILE: await write("challenge-keys", "05".repeat(32)),
    ACTIVATION_SEAL_KEYS_FILE: await write(
      "seal-keys",
      Buffer.from(SEAL_PRIVATE_KEY).toString("hex"),
    ),
  };
}

function launch(env: Readonly<Record<string, string>>): Promise<GuardedProcess> {
  return startGuarded({
    command: process.execPath,
    args: ["--conditions=source", MAIN],
    env,
    stopSignal: "SIGTERM",
    stopLimitMs: 30_000,
  });
}

async function answers(address: string, started: GuardedProcess): Promise<true | undefined> {
  if (started.ending !== undefined) throw new Error(`it ended with ${started.ending}`);
  await using channel = connect(address);
  const service = client(activation.ActivationServiceDefinition, channel);
  return await service.createChallenge({}).then(
    () => true,
    () => undefined,
  );
}
