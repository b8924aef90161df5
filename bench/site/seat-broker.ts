/*
 * How a seat-broker is started and reached; nothing else of the benchmarks knows its settings or its transport.
 * Plaintext on loopback unless --tls is given.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seatBroker } from "@leasehold/contracts";
import { healthOf } from "@leasehold/dev-cluster";
import { type Channel, connect } from "@leasehold/rpc-client";
import { freePort, type GuardedProcess, passwordsApart, until } from "@leasehold/testkit";
import {
  DEPLOYMENT,
  type FakeActivation,
  SERVICE_TOKEN,
} from "../../services/seat-broker/test/fake-activation.ts";
import type { Endpoint } from "../load/endpoint.ts";
import type { Bench } from "../run/bar.ts";
import { startServer } from "./server-process.ts";

const SOURCE = new URL("../../services/seat-broker/src/main.ts", import.meta.url);
const BUILT = new URL("../../services/seat-broker/dist/main.js", import.meta.url);
const SERVICE = seatBroker.SeatBrokerServiceDefinition.fullName;
const START_LIMIT_MS = 60_000;

/** The secret of an administrator who may look at pools. */
export const DESK_SECRET = "bench-desk";

/** What seat-brokers of one site share. */
export interface BrokerStores {
  /** A folder for their secrets. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly activation: FakeActivation;
  readonly activationAddress: string;
}

/** How one is started. */
export interface BrokerOptions {
  /** Further settings, by their full names. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly isBuilt?: boolean;
  readonly isFree?: boolean;
}

/** A seat-broker that serves. */
export interface RunningBroker extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly pid: number;
  /** From its start until it said that it serves. */
  readonly readyMs: number;
  kill(): Promise<void>;
  lines(count: number): readonly string[];
}

export async function startBroker(
  bench: Bench,
  stores: BrokerStores,
  { settings = {}, isBuilt = false, isFree = false }: BrokerOptions = {},
): Promise<RunningBroker> {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { ...(await environment(bench, stores, address)), ...settings };
  const begun = performance.now();
  const running = await startServer(bench, {
    file: isBuilt ? BUILT : SOURCE,
    env,
    isBuilt,
    isFree,
  });
  try {
    await until("the seat-broker serves", START_LIMIT_MS, async () => {
      if (running.ending !== undefined) throw new Error(`it ended with ${running.ending}`);
      return (await healthOf(address, SERVICE, authoritiesOf(bench))) === "SERVING" || undefined;
    });
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw new Error(`the seat-broker does not start:\n${running.lines(20).join("\n")}`, {
      cause: error,
    });
  }
  const readyMs = performance.now() - begun;
  return { ...brokerOf(bench, running, address), readyMs };
}

/** A channel for whoever looks at pools meanwhile; never for load. */
export function channelTo({ address, authoritiesFile }: Endpoint): Channel {
  if (authoritiesFile === undefined) return connect(address);
  return connect(address, { authorities: readFileSync(authoritiesFile, "utf8") });
}

function authoritiesOf({ settings: { tls } }: Bench): string | undefined {
  return tls && readFileSync(tls.authorities, "utf8");
}

function brokerOf({ settings: { tls } }: Bench, running: GuardedProcess, address: string) {
  return {
    endpoint: tls === undefined ? { address } : { address, authoritiesFile: tls.authorities },
    pid: running.pid,
    kill: () => {
      running.signal("SIGKILL");
      return running.ended();
    },
    lines: (count: number) => running.lines(count),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function environment(
  { settings: { tls } }: Bench,
  { folder, databaseUrl, redisUrl, activation, activationAddress }: BrokerStores,
  address: string,
): Promise<Readonly<Record<string, string>>> {
  const write = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, `${content}\n`, { mode: 0o600 });
    return path;
  };
  const [database, redis] = [passwordsApart(databaseUrl), passwordsApart(redisUrl)];
  const desk = {
    sha256: createHash("sha256").update(DESK_SECRET).digest("hex"),
    kind: "administrator",
    subject: "bench",
    permissions: ["*"],
  };
  return {
    SEAT_BROKER_LISTEN: address,
    SEAT_BROKER_DEPLOYMENT: DEPLOYMENT,
    SEAT_BROKER_LOG_LEVEL: "info",
    SEAT_BROKER_DATABASE_URL: database.url,
    ...(database.password && {
      SEAT_BROKER_DATABASE_PASSWORD_FILE: await write("database-password", database.password),
    }),
    SEAT_BROKER_REDIS_URL: redis.url,
    ...(redis.password && {
      SEAT_BROKER_REDIS_PASSWORD_FILE: await write("redis-password", redis.password),
    }),
    SEAT_BROKER_ACTIVATION_ADDRESS: activationAddress,
    SEAT_BROKER_SERVICE_TOKEN_FILE: await write("service-token", SERVICE_TOKEN),
    SEAT_BROKER_BEARER_TOKENS_FILE: await write("bearer-tokens.json", JSON.stringify([desk])),
    SEAT_BROKER_TRUST_ROOT: hex(activation.root.publicKey),
    SEAT_BROKER_LEASE_TOKEN_KEYS_FILE: await write("lease-token-keys", "17".repeat(32)),
    SEAT_BROKER_LEASE_KEY_FILE: await write("lease-key", hex(activation.leaseKey.privateKey)),
    // One address stands for all clients here; calls from it are not counted (docs/operations/load.md).
    SEAT_BROKER_CONNECTIONS_PER_ADDRESS: "20000",
    SEAT_BROKER_DRAIN: "1s",
    SEAT_BROKER_FENCE: "1s", // this Redis has no replica, and everybody would wait for it at first
    ...(tls && {
      SEAT_BROKER_TLS_CERTIFICATE_FILE: tls.certificate,
      SEAT_BROKER_TLS_KEY_FILE: tls.key,
    }),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
