import type { ServiceDefinition } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import {
  type Channel,
  type Client,
  client,
  connect,
  type ConnectOptions,
} from "@leasehold/rpc-client";
import {
  type Authenticator,
  type Log,
  type LogFacts,
  serve,
  type ServeOptions,
  type Server,
} from "@leasehold/service-kit";
import {
  broker,
  brokerDefinition,
  issuerDefinition,
  issuing,
  PRINCIPALS,
  type Secret,
} from "./sample-service.ts";

/** What was logged, instead of a log. */
export interface Entry {
  readonly level: keyof Log;
  readonly facts: LogFacts;
  readonly message: string;
}

export function recordingLog(): Log & { readonly entries: Entry[] } {
  const entries: Entry[] = [];
  const at = (level: keyof Log) => (facts: LogFacts, message: string) =>
    void entries.push({ level, facts, message });
  return { entries, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** The name of a principal is its secret. */
export const bySecret: Authenticator = ({ header }) => {
  const secret = header("authorization");
  if (secret === undefined) return undefined;
  if (Object.hasOwn(PRINCIPALS, secret)) return PRINCIPALS[secret as Secret];
  throw new Problem("UNAUTHENTICATED");
};

export interface Running extends AsyncDisposable {
  readonly server: Server;
  readonly channel: Channel;
  readonly log: ReturnType<typeof recordingLog>;
  as<Definition extends ServiceDefinition>(
    definition: Definition,
    secret?: string,
  ): Client<Definition>;
  broker(secret?: string): Client<typeof brokerDefinition>;
  issuer(secret?: string): Client<typeof issuerDefinition>;
}

/** A real server on a free port, with a channel to it. */
export async function running(
  options: Partial<ServeOptions> = {},
  connecting: ConnectOptions = {},
): Promise<Running> {
  const log = recordingLog();
  const server = await serve({
    address: "127.0.0.1:0",
    bindings: [broker(), issuing()],
    authenticate: bySecret,
    log,
    drain: { goodbyeMs: 1_000, limitMs: 1_000 },
    ...options,
  });
  const channel = connect(server.address, connecting);
  const as = <Definition extends ServiceDefinition>(
    definition: Definition,
    secret?: string,
  ): Client<Definition> =>
    client(
      definition,
      channel,
      secret === undefined ? {} : { metadata: () => ({ authorization: secret }) },
    );
  return {
    server,
    channel,
    log,
    as,
    broker: (secret) => as(brokerDefinition, secret),
    issuer: (secret) => as(issuerDefinition, secret),
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      await server.drain();
    },
  };
}
