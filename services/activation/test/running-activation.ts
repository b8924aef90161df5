import { createHash } from "node:crypto";
import { activation } from "@leasehold/contracts";
import { systemClock, systemRandom } from "@leasehold/kernel";
import { type CallMetadata, type Client, client, connect } from "@leasehold/rpc-client";
import type { Log, Principal, Server } from "@leasehold/service-kit";
import { expect, vi } from "vitest";
import { compose } from "../src/compose.ts";
import { type FakeIssuer, fakeIssuer, SERVICE_TOKEN } from "./fake-issuer.ts";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";

const DEPLOYMENT = "test.leasehold.local";
const BROKER_SECRET = "broker-secret";
const DESK_SECRET = "desk-secret";

export type ActivationClient = Client<typeof activation.ActivationServiceDefinition>;

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
  /** A client with these headers. */
  client(metadata?: CallMetadata): ActivationClient;
  readonly anyone: ActivationClient;
  readonly broker: ActivationClient;
  readonly desk: ActivationClient;
  stopIssuer(): Promise<void>;
  startIssuer(): Promise<void>;
  /** Stops the service and starts it anew on the same database. */
  restart(): Promise<void>;
}

/** What a test may have otherwise. */
export interface RunningOptions {
  /** Whether the issuer is there from the start; true if absent. */
  readonly withIssuer?: boolean;
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
  const start = () =>
    compose(config(database.url, issuerAddress, issuer.rootKey), {
      log: recording(log),
      clock: systemClock,
      random: systemRandom,
    });
  let service = await start();
  stack.defer(() => service[Symbol.asyncDispose]());
  if (options.withIssuer !== false)
    await vi.waitFor(() => expect(log).toContainEqual(logged("following the issuer")), {
      timeout: 10_000,
    });
  const clients = new Clients(() => service.server);
  stack.use(clients);
  const letGo = stack.move();
  return {
    issuer,
    database,
    log,
    client: (metadata) => clients.with(metadata),
    get anyone() {
      return clients.with();
    },
    get broker() {
      return clients.with({ authorization: `Bearer ${BROKER_SECRET}` });
    },
    get desk() {
      return clients.with({ authorization: `Bearer ${DESK_SECRET}` });
    },
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

  with(metadata: CallMetadata = {}): ActivationClient {
    const channel = this.#stack.use(connect(this.#server().address));
    return client(activation.ActivationServiceDefinition, channel, { metadata: () => metadata });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

function config(databaseUrl: string, issuerAddress: string, trustRoot: Uint8Array) {
  return {
    listen: "127.0.0.1:0",
    plaintext: false,
    logLevel: "info",
    otlpEndpoint: undefined,
    traceSample: 0,
    reflection: false,
    deployment: DEPLOYMENT,
    bearerTokens: [
      accepted(BROKER_SECRET, {
        kind: "service",
        service: "seat-broker",
        permissions: new Set(["entitlements.watch"]),
      }),
      accepted(DESK_SECRET, {
        kind: "administrator",
        subject: "desk",
        permissions: new Set(["installations.read"]),
      }),
    ],
    drain: 100,
    databaseUrl,
    databasePassword: undefined,
    databasePool: 10,
    issuerAddress,
    identityProviders: undefined,
    serviceToken: SERVICE_TOKEN,
    trustRoot,
    salesContact: "sales@example.com",
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
