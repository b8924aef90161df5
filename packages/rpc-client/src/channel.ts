import {
  Channel as GrpcChannel,
  type ChannelCredentials,
  type ChannelOptions as GrpcOptions,
} from "@grpc/grpc-js";
import type { ServiceDefinition } from "@leasehold/contracts";
import type { Exchange } from "./exchange.ts";
import { serviceConfig } from "./service-config.ts";
import {
  overTls,
  secured,
  type SecuredTransport,
  type TlsOptions,
  type TransportSecurity,
} from "./transport-security.ts";

/**
 * How to connect. Without a word about security: in plaintext to this machine, over TLS with the
 * system's roots elsewhere.
 */
export interface ChannelOptions extends TransportSecurity {
  /** TLS with a say in each connection, instead of `authorities`. */
  readonly tls?: TlsOptions | undefined;
  /** Security as the transport has it, instead of all other. */
  readonly credentials?: ChannelCredentials | undefined;
  /** Told of every exchange with the servers, when it is over. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** Connections to the servers behind one address. Connects with the first call, and again after a loss. */
export interface Channel extends AsyncDisposable {
  readonly address: string;
  /** The transport, for adapters. */
  readonly transport: GrpcChannel;
  /** Told of every exchange. */
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

/** Notices a dead peer within half a minute while a call is open. */
const keepalive = {
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
} as const satisfies GrpcOptions;

/**
 * A channel to an address: `host:port`, or a gRPC target such as `dns:///broker:7403`.
 * With several servers behind it, calls go round them. Only these services are called through it: whoever
 * names them loads no others.
 */
export function openChannel(
  address: string,
  services: readonly ServiceDefinition[],
  options: ChannelOptions = {},
): Channel {
  const security = securityOf(address, options);
  const transport = new GrpcChannel(address, security.credentials, {
    ...keepalive,
    ...security.options,
    "grpc.service_config": JSON.stringify(serviceConfig(services)),
    "grpc.service_config_disable_resolution": 1,
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.enable_channelz": 0,
  });
  return {
    address,
    transport,
    onExchange: options.onExchange,
    // oxlint-disable-next-line typescript/require-await -- closing is immediate, the interface is not
    [Symbol.asyncDispose]: async () => transport.close(),
  };
}

function securityOf(address: string, options: ChannelOptions): SecuredTransport {
  if (options.credentials) return { credentials: options.credentials, options: {} };
  return options.tls ? overTls(address, options.tls) : secured(address, options);
}
