import type { ServerOptions } from "@grpc/grpc-js";

/** What one server bears. */
export interface Limits {
  /** Streams that one connection may have open. */
  readonly streamsPerConnection: number;
  /** Unary calls that may be carried out at a time; one more is OVERLOADED. */
  readonly unaryCalls: number;
  /** Streaming calls that may be open at a time; one more is OVERLOADED. */
  readonly streams: number;
  /** Calls of one network of which only the headers are there; one more is OVERLOADED. */
  readonly awaitedPerNetwork: number;
  /** A connection without a call is closed after this long, in milliseconds. */
  readonly connectionIdleMs: number;
  /** A connection is asked to leave after this long, so that clients spread again. */
  readonly connectionAgeMs: number;
  /** How long the calls of a connection that was asked to leave may go on. */
  readonly connectionGraceMs: number;
  /** How often a silent connection is pinged, and how long the answer may take. */
  readonly pingMs: number;
  readonly pingTimeoutMs: number;
  /** How long the caller of a stream may send nothing, in milliseconds. */
  readonly silenceMs: number;
  /** What one connection may hold in the transport's own memory, in MiB; new calls are refused beyond. */
  readonly connectionMemoryMb: number;
}

export const DEFAULT_LIMITS: Limits = {
  streamsPerConnection: 256,
  unaryCalls: 2_000,
  streams: 100_000,
  // Twice what one connection may begin at once.
  awaitedPerNetwork: 512,
  connectionIdleMs: 5 * 60_000,
  connectionAgeMs: 60 * 60_000,
  connectionGraceMs: 5 * 60_000,
  pingMs: 30_000,
  pingTimeoutMs: 10_000,
  // No lease lives longer than an hour and a minute without a heartbeat.
  silenceMs: 62 * 60_000,
  connectionMemoryMb: 64,
};

/** The transport's own limits. @param messageBytes the largest request message of any method */
export function serverOptions(limits: Limits, messageBytes: number): ServerOptions {
  return {
    "grpc.max_receive_message_length": messageBytes,
    "grpc-node.max_session_memory": limits.connectionMemoryMb,
    "grpc.max_concurrent_streams": limits.streamsPerConnection,
    "grpc.max_connection_idle_ms": limits.connectionIdleMs,
    "grpc.max_connection_age_ms": limits.connectionAgeMs,
    "grpc.max_connection_age_grace_ms": limits.connectionGraceMs,
    "grpc.keepalive_time_ms": limits.pingMs,
    "grpc.keepalive_timeout_ms": limits.pingTimeoutMs,
    "grpc.enable_channelz": 0,
  };
}
