import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Channel, connect } from "@leasehold/rpc-client";

/** How a listener is reached. Plain data, so that a worker can be told. */
export interface Listener {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** What its certificate is known by, PEM; in plaintext if absent. */
  readonly authorities?: string | undefined;
  /** What whoever comes shows of itself, PEM; nothing if absent. */
  readonly proof?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether it is for services, whose certificates name no host. */
  readonly internal?: boolean;
}

/** Whom every certificate of the cluster names. */
const HOST = "127.0.0.1";
const CONNECT_LIMIT_MS = 10_000;

/** A channel for generated clients. */
export function channelTo({ address, authorities }: Listener): Channel {
  return connect(address, { authorities });
}

/**
 * A connection that an attacker writes bytes into: with transport security done, if the listener has it.
 * @param from the address that it comes from; on Linux, all of 127.0.0.0/8 are this machine
 */
export async function socketTo(listener: Listener, from?: string): Promise<Socket> {
  const bare = await bareSocketTo(listener, from);
  const { authorities, proof, internal } = listener;
  if (authorities === undefined) return bare;
  const socket = connectTls({
    socket: bare,
    ca: authorities,
    host: HOST,
    ALPNProtocols: ["h2"],
    ...proof,
    ...(internal === true && { checkServerIdentity: () => undefined }),
  });
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
  socket.on("error", () => {});
  return socket;
}

/** A connection of TCP and nothing more: an attacker who never shakes hands. */
export async function bareSocketTo({ address }: Listener, from?: string): Promise<Socket> {
  const cut = address.lastIndexOf(":");
  const socket = connectSocket({
    host: address.slice(0, cut),
    port: Number(address.slice(cut + 1)),
    ...(from !== undefined && { localAddress: from }),
  });
  socket.setNoDelay(true);
  await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
  socket.on("error", () => {}); // what is done to it may well end it
  return socket;
}

/** A connection of HTTP/2, on which calls are made by hand. */
export async function sessionTo(listener: Listener, from?: string): Promise<ClientHttp2Session> {
  const socket = await socketTo(listener, from);
  const session = connectHttp2(
    `${listener.authorities === undefined ? "http" : "https"}://${listener.address}`,
    { createConnection: () => socket },
  );
  session.on("error", () => {});
  return session;
}
