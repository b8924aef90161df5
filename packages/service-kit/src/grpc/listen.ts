import { createServer, type Server as NetServer, type Socket } from "node:net";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { hostOf, isLoopback } from "@leasehold/rpc-client";
import type { Arrival } from "../auth/authenticator.ts";
import type { Log } from "../log/log.ts";
import type { Transport } from "../tls/transport.ts";
import type { ConnectionEnds, ConnectionGuard, ConnectionLimits } from "./connection-guard.ts";
import { guardSessions, type SessionGuardOptions } from "./session-guard.ts";
import { tlsEntrance } from "./tls-entrance.ts";

/** Where to listen, and under which security. */
export interface ListenOptions {
  readonly address: string;
  readonly internalAddress?: string | undefined;
  readonly transport?: Pick<Transport, "server" | "service"> | undefined;
  readonly plaintext?: boolean | undefined;
}

/** What listens, and what it knows of its connections. */
export interface Listening extends Disposable {
  readonly port: number;
  readonly address: string;
  /** `undefined` if there is no listener for services. */
  readonly internalAddress: string | undefined;
  /** Takes no more connections, and closes those that do nothing yet. Resolves when all are gone. */
  stop(): Promise<void>;
}

/** The guards of the two listeners. */
export interface Guards {
  readonly public: ConnectionGuard;
  readonly internal: ConnectionGuard;
}

/** How a call came. */
export function arrivalIn(guards: Guards): (ends: ConnectionEnds) => Arrival | undefined {
  return (ends) => guards.public.arrivalOf(ends) ?? guards.internal.arrivalOf(ends);
}

/**
 * Listens: what is admitted by its guard, and secured, is handed to the transport.
 * @throws Error if an address cannot be had, if the public one would be served in plaintext beyond this
 *   machine without being told to, or the one for services without certificates
 */
export async function listen(
  grpc: Server,
  guards: Guards,
  options: ListenOptions & {
    readonly limits: ConnectionLimits;
    readonly sessions: Omit<SessionGuardOptions, "begun">;
    readonly log: Log;
  },
): Promise<Listening> {
  const entrances = entrancesOf(grpc, guards, options);
  guardSessions(grpc, {
    ...options.sessions,
    begun: (session) => {
      guards.public.begun(session);
      if (guards.internal !== guards.public) guards.internal.begun(session);
    },
  });
  await using opening = new AsyncDisposableStack();
  const open = async (address: string, guard: ConnectionGuard, enter: (socket: Socket) => void) => {
    const server = createServer({ noDelay: true }, (socket) => {
      if (guard.admit(socket)) enter(socket);
    });
    opening.defer(() => void server.close());
    await listening(server, address);
    server.on("error", (err) => options.log.warn({ err }, "a connection could not be taken"));
    return { server, address: boundAddress(server, address) };
  };
  const internal =
    entrances.internal && options.internalAddress !== undefined
      ? await open(options.internalAddress, guards.internal, entrances.internal)
      : undefined;
  const { server, address } = await open(options.address, guards.public, entrances.public);
  opening.move();
  return {
    port: Number(address.slice(address.lastIndexOf(":") + 1)),
    address,
    internalAddress: internal?.address,
    async stop() {
      const servers = internal ? [server, internal.server] : [server];
      const closing = servers.map((open) => closed(open));
      guards.public.closeOpening();
      guards.internal.closeOpening();
      await Promise.all(closing);
    },
    [Symbol.dispose]() {
      guards.public[Symbol.dispose]();
      guards.internal[Symbol.dispose]();
    },
  };
}

/** What becomes of an admitted connection at each listener. */
function entrancesOf(
  grpc: Server,
  guards: Guards,
  { address, internalAddress, transport, plaintext, limits }: Parameters<typeof listen>[2],
): Readonly<Record<"public", (socket: Socket) => void>> & {
  readonly internal: ((socket: Socket) => void) | undefined;
} {
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const enter = (stream: Socket): void => injector.injectConnection(stream);
  const { openingMs } = limits;
  const { server, service } = transport ?? {};
  if (!server && plaintext !== true && !isLoopback(hostOf(address)))
    throw new Error(
      `${address} is not loopback: a certificate is required, or plaintext must be allowed`,
    );
  if (internalAddress !== undefined && !service)
    throw new Error(`${internalAddress} is for services, and needs certificates`);
  return {
    public: server
      ? tlsEntrance({ certificate: server, guard: guards.public, openingMs, enter })
      : (socket) => {
          guards.public.secured(socket);
          enter(socket);
        },
    internal:
      service &&
      tlsEntrance({
        certificate: service.certificate,
        clients: service.scope,
        guard: guards.internal,
        openingMs,
        enter,
      }),
  };
}

function listening(server: NetServer, address: string): Promise<void> {
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: hostOf(address), port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Resolves when the last connection is gone. */
function closed(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** As it was given, with the port that it came to. */
function boundAddress(server: NetServer, address: string): string {
  const bound = server.address();
  const port = typeof bound === "object" ? bound?.port : undefined;
  return `${address.slice(0, address.lastIndexOf(":"))}:${port}`;
}
