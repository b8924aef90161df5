import type { ServerOptions } from "@grpc/grpc-js";

/** What one server bears. */
export interface Limits {
  /** Largest request message, in bytes. */
  readonly messageBytes: number;
  /** Streams that one connection may have open. */
  readonly streamsPerConnection: number;
  /** Unary calls that may be carried out at a time; one more is OVERLOADED. */
  readonly unaryCalls: number;
  /** Streaming calls that may be open at a time; one more is OVERLOADED. */
  readonly streams: number;
  /** A connection without a call is closed after this long, in milliseconds. */
  readonly connectionIdleMs: number;
  /** A connection is asked to leave after this long, so that clients spread again. */
  readonly connectionAgeMs: number;
  /** How long the calls of a connection that was asked to leave may go on. */
  readonly connectionGraceMs: number;
  /** How often a silent connection is pinged, and how long the answer may take. */
  readonly pingMs: number;
  readonly pingTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  messageBytes: 64 * 1024,
  streamsPerConnection: 256,
  unaryCalls: 2_000,
  streams: 100_000,
  connectionIdleMs: 5 * 60_000,
  connectionAgeMs: 60 * 60_000,
  connectionGraceMs: 5 * 60_000,
  pingMs: 30_000,
  pingTimeoutMs: 10_000,
};

/** The transport's own limits. */
export function serverOptions(limits: Limits): ServerOptions {
  return {
    "grpc.max_receive_message_length": limits.messageBytes,
    "grpc.max_concurrent_streams": limits.streamsPerConnection,
    "grpc.max_connection_idle_ms": limits.connectionIdleMs,
    "grpc.max_connection_age_ms": limits.connectionAgeMs,
    "grpc.max_connection_age_grace_ms": limits.connectionGraceMs,
    "grpc.keepalive_time_ms": limits.pingMs,
    "grpc.keepalive_timeout_ms": limits.pingTimeoutMs,
    "grpc.enable_channelz": 0,
  };
}
