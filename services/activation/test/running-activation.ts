import { createHash } from "node:crypto";
import { activation } from "@leasehold/contracts";
import { type Clock, systemClock, systemRandom } from "@leasehold/kernel";
import {
  type CallMetadata,
  type Client,
  client,
  connect,
  type UnaryOptions,
} from "@leasehold/rpc-client";
import type { CustomerRole, Log, Principal, Server } from "@leasehold/service-kit";
import { testRedis } from "@leasehold/testkit";
import { expect, vi } from "vitest";
import { type Activation, compose } from "../src/compose.ts";
import type { ActivationConfig } from "../src/config.ts";
import { type FakeIssuer, fakeIssuer, SERVICE_TOKEN } from "./fake-issuer.ts";
import { hasPrivateKey, proven } from "./unlock-requests.ts";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";

const DEPLOYMENT = "test.leasehold.local";
const BROKER_SECRET = "broker-secret";
const DESK_SECRET = "desk-secret";
/** What request files are sealed to. */
export const SEAL_PRIVATE_KEY = new Uint8Array(32).fill(3);

/** People who act for customers. */
const PEOPLE = {
  /** Administers Acme, and another customer. */
  ada: new Map([
    ["customers/acme", "ADMINISTRATOR"],
    ["customers/babbage", "ADMINISTRATOR"],
  ]),
  /** Only looks at what is Acme's. */
  luigi: new Map([["customers/acme", "USER"]]),
  /** Has nothing to do with Acme. */
  mallory: new Map([["customers/other", "ADMINISTRATOR"]]),
} as const satisfies Record<string, ReadonlyMap<string, CustomerRole>>;

export type Person = keyof typeof PEOPLE;

export type ActivationClient = Client<typeof activation.ActivationServiceDefinition>;
export type InstallationClient = Client<typeof activation.InstallationServiceDefinition>;

/** A line of the log. */
export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The service on a free port, with a real database and a fake issuer. */
export interface RunningActivation extends AsyncDisposable {
  readonly issuer: FakeIssuer;
  readonly database: ActivationDatabase;
  readonly log: readonly LogLine[];
  /** Where the service listens. */
  readonly address: string;
  /** Starts the service once more on the same database, with changed settings if given; tells where it listens. */
  startTwin(changed?: Partial<ActivationConfig>): Promise<string>;
  /** A client with these headers. */
  client(metadata?: CallMetadata): ActivationClient;
  /** A client of a replica, by its number from 1. */
  replica(number: number): ActivationClient;
  /** A client of a twin. */
  at(address: string): ActivationClient;
  readonly anyone: ActivationClient;
  /** Unlocks as anyone, with a challenge of its own and the proof that answers it. */
  unlock(
    request: activation.UnlockRequest,
    options?: UnaryOptions,
  ): Promise<activation.UnlockResponse>;
  readonly broker: ActivationClient;
  readonly desk: ActivationClient;
  /** Installations over their lives, asked with these headers, by a person, or by the desk. */
  lives(who?: CallMetadata | Person): InstallationClient;
  stopIssuer(): Promise<void>;
  startIssuer(): Promise<void>;
  /** Stops the service and starts it anew on the same database. */
  restart(): Promise<void>;
}

/** What a test may have otherwise. */
export interface RunningOptions {
  /** Whether the issuer is there from the start; true if absent. */
  readonly withIssuer?: boolean;
  /** Further secrets that are accepted, and whom each stands for. */
  readonly accepts?: Readonly<Record<string, Principal>>;
  /** A Redis of the test's own; a logical database of the run's if absent. */
  readonly redisUrl?: string;
  /** How many replicas share the stores; one if absent. Clients call the first unless told. */
  readonly replicas?: number;
  /** The wall clock of all replicas; the machine's if absent. */
  readonly clock?: Clock;
  /** Further settings. */
  readonly settings?: Partial<ActivationConfig>;
  /** Whether it has a key that request files are sealed to; true if absent. */
  readonly withSealKeys?: boolean;
}

/** Starts the service and what it needs. */
export async function runningActivation(options: RunningOptions = {}): Promise<RunningActivation> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await activationDatabase());
  const issuer = await fakeIssuer(DEPLOYMENT);
  const log: LogLine[] = [];
  let issuerServer = await issuer.serve("127.0.0.1:0", SILENT);
  const { address: issuerAddress } = issuerServer;
  stack.defer(() => issuerServer[Symbol.asyncDispose]());
  if (options.withIssuer === false) await issuerServer.drain();
  const redisUrl = options.redisUrl ?? stack.use(await testRedis()).url;
  const settings = {
    ...config(database.url, issuerAddress, issuer.rootKey, options),
    redisUrl,
    ...options.settings,
  };
  const start = (changed: Partial<ActivationConfig> = {}) =>
    compose(
      { ...settings, ...changed },
      {
        log: recording(log),
        clock: options.clock ?? systemClock,
        random: systemRandom,
      },
    );
  let service = await start();
  stack.defer(() => service[Symbol.asyncDispose]());
  const others: Activation[] = [];
  for (let n = 2; n <= (options.replicas ?? 1); n += 1) others.push(stack.use(await start()));
  if (options.withIssuer !== false)
    await vi.waitFor(() => expect(log).toContainEqual(logged("following the issuer")), {
      timeout: 10_000,
    });
  const twins = new AsyncDisposableStack();
  stack.use(twins);
  const clients = new Clients(() => service.server);
  stack.use(clients);
  const letGo = stack.move();
  return {
    issuer,
    database,
    log,
    get address() {
      return service.server.address;
    },
    startTwin: async (changed) => twins.use(await start(changed)).server.address,
    client: (metadata) => clients.with(metadata),
    replica: (number) => clients.with({}, number === 1 ? undefined : others[number - 2]?.server),
    at: (address) => clients.at(address),
    get anyone() {
      return clients.with();
    },
    unlock: async (request, options) => {
      const anyone = clients.with();
      // A key that is none, or nobody's, cannot answer.
      const answered = hasPrivateKey(request.publicKey)
        ? await proven(request, await anyone.createChallenge({}))
        : request;
      return anyone.unlock(answered, options);
    },
    get broker() {
      return clients.with({ authorization: `Bearer ${BROKER_SECRET}` });
    },
    get desk() {
      return clients.with({ authorization: `Bearer ${DESK_SECRET}` });
    },
    lives: (who = { authorization: `Bearer ${DESK_SECRET}` }) =>
      clients.lives(typeof who === "string" ? { authorization: `Bearer ${who}` } : who),
    stopIssuer: () => issuerServer.drain(),
    startIssuer: async () => {
      issuerServer = await issuer.serve(issuerAddress, SILENT);
    },
    restart: async () => {
      await service[Symbol.asyncDispose]();
      service = await start();
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** Matches a line of the log. */
export function logged(message: string): LogLine {
  return expect.objectContaining({ message }) as LogLine;
}

/** Clients of a server that may be another one tomorrow. */
class Clients implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #server: () => Server;

  constructor(server: () => Server) {
    this.#server = server;
  }

  with(metadata: CallMetadata = {}, server = this.#server()): ActivationClient {
    const channel = this.#stack.use(connect(server.address));
    return client(activation.ActivationServiceDefinition, channel, { metadata: () => metadata });
  }

  at(address: string): ActivationClient {
    const channel = this.#stack.use(connect(address));
    return client(activation.ActivationServiceDefinition, channel);
  }

  lives(metadata: CallMetadata): InstallationClient {
    const channel = this.#stack.use(connect(this.#server().address));
    return client(activation.InstallationServiceDefinition, channel, { metadata: () => metadata });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

const HIGH = { count: 1_000_000, periodMs: 1_000 };

function config(
  databaseUrl: string,
  issuerAddress: string,
  trustRoot: Uint8Array,
  { accepts = {}, withSealKeys = true }: RunningOptions,
) {
  return {
    listen: "127.0.0.1:0",
    healthListen: undefined,
    metricsListen: undefined,
    plaintext: false,
    internalListen: undefined,
    tlsCertificateFile: undefined,
    tlsKeyFile: undefined,
    serviceCertificateFile: undefined,
    serviceKeyFile: undefined,
    serviceAuthoritiesFile: undefined,
    trustDomain: undefined,
    trustNamespace: undefined,
    connections: 1_000,
    connectionsPerAddress: 1_000,
    logLevel: "info",
    otlpEndpoint: undefined,
    traceSample: 0,
    reflection: false,
    ratePortal: undefined,
    rateUnlock: undefined,
    rateLease: undefined,
    rateRenewal: undefined,
    rateInternal: undefined,
    deployment: DEPLOYMENT,
    bearerTokens: [
      ...Object.entries(accepts).map(([secret, principal]) => accepted(secret, principal)),
      accepted(BROKER_SECRET, {
        kind: "service",
        service: "seat-broker",
        permissions: new Set(["entitlements.watch"]),
      }),
      accepted(DESK_SECRET, {
        kind: "administrator",
        subject: "desk",
        permissions: new Set([
          "installations.read",
          "installations.write",
          "installations.disable",
        ]),
      }),
      ...Object.entries(PEOPLE).map(([person, memberships]) =>
        accepted(person, { kind: "account", account: `accounts/${person}`, memberships }),
      ),
    ],
    drain: 100,
    databaseUrl,
    databasePassword: undefined,
    redisPassword: undefined,
    redisSentinelPassword: undefined,
    databasePool: 10,
    issuerAddress,
    identityProviders: undefined,
    serviceToken: SERVICE_TOKEN,
    trustRoot,
    salesContact: "sales@example.com",
    challengeKeys: [new Uint8Array(32).fill(5)],
    unlockTriesPerNetwork: HIGH,
    unlockFailuresPerNetwork: HIGH,
    unlockFailuresPerKey: HIGH,
    sealKeys: withSealKeys ? ([SEAL_PRIVATE_KEY] as const) : undefined,
  } as const;
}

function accepted(secret: string, principal: Principal) {
  return { sha256: createHash("sha256").update(secret).digest(), principal };
}

function recording(lines: LogLine[]): Log {
  const at =
    (level: keyof Log): Log[keyof Log] =>
    (facts, message) =>
      void lines.push({ level, facts, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

const SILENT = recording([]);
