import { createHash } from "node:crypto";
import { seatBroker } from "@leasehold/contracts";
import { isProblem, newUuid, systemClock, systemRandom, type Uuid } from "@leasehold/kernel";
import {
  generateKeyPair,
  signInstallation,
  signProof,
  thumbprint,
} from "@leasehold/license-format";
import {
  type CallMetadata,
  type Channel,
  type Client,
  client,
  connect,
} from "@leasehold/rpc-client";
import { type BearerToken, loadConfig, type Log } from "@leasehold/service-kit";
import { type PasswordsApart, passwordsApart, testPostgres, testRedis } from "@leasehold/testkit";
import { expect, vi } from "vitest";
import { compose, type SeatBroker } from "../src/compose.ts";
import { configSchema } from "../src/config.ts";
import type { Pool } from "../src/domain/pool.ts";
import { type Way, wayTo } from "./cut-off.ts";
import {
  DEPLOYMENT,
  type FakeActivation,
  fakeActivation,
  SERVICE_TOKEN,
} from "./fake-activation.ts";

export type BrokerClient = Client<typeof seatBroker.SeatBrokerServiceDefinition>;
export type UsageClient = Client<typeof seatBroker.UsageServiceDefinition>;

const AUDIENCE = `${DEPLOYMENT}/${seatBroker.SeatBrokerServiceDefinition.fullName}`;
const DESK_SECRET = "desk-secret";
const AS_DESK: CallMetadata = { authorization: `Bearer ${DESK_SECRET}` };
const HOUR_MS = 3_600_000;
const LEASE_TOKEN_KEYS = ["17".repeat(32), "04".repeat(32)];

/** A line of the log. */
export interface LogLine {
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface RunningOptions {
  /** How many seat-brokers; one if absent. */
  readonly brokers?: number;
  /** A Redis of the test's own; a logical database of the run's if absent. */
  readonly redisUrl?: string;
  /** Who else may call, by bearer secrets. */
  readonly callers?: readonly BearerToken[];
  /** Further settings of the brokers. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Seat-brokers that share their stores, each behind its real server, and a fake activation. */
export interface RunningBrokers extends AsyncDisposable {
  readonly activation: FakeActivation;
  readonly log: readonly LogLine[];
  /** Tells activation of a license, and waits until every broker has applied it. */
  issue(pool: Pool): Promise<void>;
  /** An installation of a license, which calls broker number `broker`. */
  installation(pool: Pool, broker?: number): Promise<Installation>;
  /** Calls broker number `broker` with these headers. */
  client(headers?: CallMetadata, broker?: number): BrokerClient;
  desk(broker?: number): BrokerClient;
  /** Reads the ledger through broker number `broker`, as the desk unless told otherwise. */
  usage(broker?: number, headers?: CallMetadata): UsageClient;
  /** Stops a broker and starts it anew on the same port and stores, with other secrets if given. */
  restart(broker?: number, secrets?: Partial<BrokerSecrets>): Promise<void>;
  stop(broker?: number): Promise<void>;
  stopActivation(): Promise<void>;
  startActivation(): Promise<void>;
  /** The brokers' way to Postgres. */
  readonly postgres: Way;
}

/** What a broker is given in files. */
interface BrokerSecrets {
  /** 64 hexadecimal digits each. */
  readonly leaseTokenKeys: readonly string[];
  /** 32 bytes. */
  readonly leaseKey: Uint8Array;
}

/** One unlocked machine. */
export interface Installation {
  readonly id: Uuid;
  readonly headers: CallMetadata;
  readonly broker: BrokerClient;
  /** The same installation at another broker. */
  at(broker: number): BrokerClient;
}

export async function runningBrokers(options: RunningOptions = {}): Promise<RunningBrokers> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await wayTo(stack.use(await testPostgres()).url));
  const redisUrl = options.redisUrl ?? stack.use(await testRedis()).url;
  const activation = await fakeActivation();
  const log: LogLine[] = [];
  let activationServer = await activation.serve("127.0.0.1:0", SILENT);
  const { address: activationAddress } = activationServer;
  stack.defer(() => activationServer.drain());
  const start = async (
    listen: string,
    secrets: Partial<BrokerSecrets> = {},
  ): Promise<SeatBroker> => {
    const stores = { databaseUrl: postgres.url, redisUrl };
    const { settings = {} } = options;
    const facts = { listen, ...stores, secrets, activationAddress, activation, settings };
    const config = configOf(facts);
    const bearerTokens = [...config.bearerTokens, ...(options.callers ?? [])];
    return compose({ ...config, bearerTokens }, { log: recording(log), clock: systemClock });
  };
  const brokers: SeatBroker[] = [];
  stack.defer(async () => {
    await Promise.all(brokers.map((broker) => broker[Symbol.asyncDispose]()));
  });
  brokers.push(await start("127.0.0.1:0"));
  // Those that start later find the trust bundle in Postgres.
  await vi.waitFor(() => expect(log).toContainEqual(logged("trust bundle accepted")), {
    timeout: 10_000,
  });
  while (brokers.length < (options.brokers ?? 1)) brokers.push(await start("127.0.0.1:0"));
  const addresses = brokers.map(({ server }) => server.address);
  // Without the contract's services a channel tries nothing again, and so hides no reason.
  const channels = addresses.map((address) => stack.use(connect(address, { services: [] })));
  const clientOf = (headers: CallMetadata = {}, broker = 0) =>
    callingWith(channels[broker]!, headers);
  const letGo = stack.move();
  return {
    activation,
    log,
    postgres,
    issue: async (pool) => {
      activation.put(pool);
      await vi.waitFor(
        () => expect(countApplied(log, pool)).toBeGreaterThanOrEqual(brokers.length),
        { timeout: 10_000 },
      );
    },
    installation: (pool, broker = 0) => installationOf(activation, pool, broker, clientOf),
    client: clientOf,
    desk: (broker) => clientOf(AS_DESK, broker),
    usage: (broker = 0, headers = AS_DESK) =>
      client(seatBroker.UsageServiceDefinition, channels[broker]!, { metadata: () => headers }),
    restart: async (broker = 0, secrets = {}) => {
      await brokers[broker]![Symbol.asyncDispose]();
      brokers[broker] = await start(addresses[broker]!, secrets);
      // The channel may have tried in between, and takes its time until it tries again.
      await vi.waitFor(() => answers(clientOf(AS_DESK, broker)), { timeout: 10_000 });
    },
    stop: (broker = 0) => brokers[broker]!.server.drain(),
    stopActivation: () => activationServer.drain(),
    startActivation: async () => {
      activationServer = await activation.serve(activationAddress, SILENT);
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function answers(broker: BrokerClient): Promise<void> {
  const nothing = { parent: "customers/none/licenses/none", pageSize: 0, pageToken: "" };
  await broker.listSeats({ ...nothing, filter: undefined }).catch((error: unknown) => {
    if (isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
  });
}

function configOf(parts: {
  readonly listen: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly secrets: Partial<BrokerSecrets>;
  readonly activationAddress: string;
  readonly activation: FakeActivation;
  readonly settings: Readonly<Record<string, string>>;
}) {
  const { leaseTokenKeys = LEASE_TOKEN_KEYS, leaseKey = parts.activation.leaseKey.privateKey } =
    parts.secrets;
  const files: Record<string, string> = {
    bearers: JSON.stringify([
      {
        sha256: createHash("sha256").update(DESK_SECRET).digest("hex"),
        kind: "administrator",
        subject: "desk",
        permissions: ["seats.read", "seats.revoke", "pools.drain", "usage.read"],
      },
    ]),
    service: SERVICE_TOKEN,
    leaseKey: Buffer.from(leaseKey).toString("hex"),
    keys: leaseTokenKeys.join("\n"),
  };
  const passwords = (name: string, { password, sentinelPassword }: PasswordsApart) => {
    files[name] = password ?? "";
    files[`${name}-sentinel`] = sentinelPassword ?? "";
    return {
      ...(password && { [`SEAT_BROKER_${name}_PASSWORD_FILE`]: name }),
      ...(sentinelPassword && {
        [`SEAT_BROKER_${name}_SENTINEL_PASSWORD_FILE`]: `${name}-sentinel`,
      }),
    };
  };
  const [database, redis] = [passwordsApart(parts.databaseUrl), passwordsApart(parts.redisUrl)];
  const env = {
    SEAT_BROKER_LISTEN: parts.listen,
    SEAT_BROKER_DEPLOYMENT: DEPLOYMENT,
    SEAT_BROKER_BEARER_TOKENS_FILE: "bearers",
    SEAT_BROKER_DATABASE_URL: database.url,
    SEAT_BROKER_REDIS_URL: redis.url,
    ...passwords("DATABASE", database),
    ...passwords("REDIS", redis),
    SEAT_BROKER_ACTIVATION_ADDRESS: parts.activationAddress,
    SEAT_BROKER_SERVICE_TOKEN_FILE: "service",
    SEAT_BROKER_TRUST_ROOT: Buffer.from(parts.activation.root.publicKey).toString("hex"),
    SEAT_BROKER_LEASE_TOKEN_KEYS_FILE: "keys",
    SEAT_BROKER_LEASE_KEY_FILE: "leaseKey",
    SEAT_BROKER_FENCE: "1s",
    SEAT_BROKER_DRAIN: "1s",
    ...parts.settings,
  };
  return loadConfig(configSchema, env, (path) => files[path]!);
}

async function installationOf(
  { installKey }: FakeActivation,
  pool: Pool,
  broker: number,
  clientOf: (headers: CallMetadata, broker: number) => BrokerClient,
): Promise<Installation> {
  const { publicKey, privateKey } = await generateKeyPair();
  const id = newUuid(systemClock, systemRandom);
  const now = Date.now();
  const certificate = await signInstallation(installKey, {
    deployment: DEPLOYMENT,
    product: "products/flow",
    installation: `installations/${id}`,
    license: pool.name,
    publicKeyThumbprint: thumbprint(publicKey),
    issuedAt: now,
    refreshBy: now + HOUR_MS,
    id: newUuid(systemClock, systemRandom),
  });
  const proof = await signProof({
    privateKey,
    installation: `installations/${id}`,
    audience: AUDIENCE,
    issuedAt: now,
    expiresAt: now + 240_000,
    id: newUuid(systemClock, systemRandom),
  });
  const headers = { "lh-installation": certificate, "lh-proof": proof };
  return {
    id,
    headers,
    broker: clientOf(headers, broker),
    at: (other) => clientOf(headers, other),
  };
}

function callingWith(channel: Channel, headers: CallMetadata): BrokerClient {
  return client(seatBroker.SeatBrokerServiceDefinition, channel, { metadata: () => headers });
}

function logged(message: string): LogLine {
  return expect.objectContaining({ message }) as LogLine;
}

function countApplied(log: readonly LogLine[], { name, revision, terms }: Pool): number {
  return log.filter(
    ({ message, facts }) =>
      message === "license applied" &&
      facts["license"] === name &&
      facts["revision"] === String(revision) &&
      facts["naming"] === terms.naming?.revision.toString(),
  ).length;
}

function recording(log: LogLine[]): Log {
  const line = (facts: LogLine["facts"], message: string) => void log.push({ facts, message });
  return { debug: line, info: line, warn: line, error: line };
}

const SILENT: Log = recording([]);
